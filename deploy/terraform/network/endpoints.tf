# Written by deploy/write_templates.py from deploy/tables: change these.

resource "aws_vpc_endpoint" "ec2_endpoint" {
  count               = local.has_ec2_endpoint ? 1 : 0
  vpc_endpoint_type   = "Interface"
  service_name        = "com.amazonaws.${data.aws_region.current.region}.ec2"
  private_dns_enabled = true
  vpc_id              = var.vpc_id
  subnet_ids          = var.subnet_ids
  security_group_ids  = [aws_security_group.endpoint_security_group[0].id]
}

resource "aws_vpc_endpoint" "firehose_endpoint" {
  count               = local.has_firehose_endpoint ? 1 : 0
  vpc_endpoint_type   = "Interface"
  service_name        = "com.amazonaws.${data.aws_region.current.region}.kinesis-firehose"
  private_dns_enabled = true
  vpc_id              = var.vpc_id
  subnet_ids          = var.subnet_ids
  security_group_ids  = [aws_security_group.endpoint_security_group[0].id]
}

resource "aws_vpc_endpoint" "secretsmanager_endpoint" {
  count               = local.has_secretsmanager_endpoint ? 1 : 0
  vpc_endpoint_type   = "Interface"
  service_name        = "com.amazonaws.${data.aws_region.current.region}.secretsmanager"
  private_dns_enabled = true
  vpc_id              = var.vpc_id
  subnet_ids          = var.subnet_ids
  security_group_ids  = [aws_security_group.endpoint_security_group[0].id]
}

resource "aws_vpc_endpoint" "sts_endpoint" {
  count               = local.has_sts_endpoint ? 1 : 0
  vpc_endpoint_type   = "Interface"
  service_name        = "com.amazonaws.${data.aws_region.current.region}.sts"
  private_dns_enabled = true
  vpc_id              = var.vpc_id
  subnet_ids          = var.subnet_ids
  security_group_ids  = [aws_security_group.endpoint_security_group[0].id]
}
