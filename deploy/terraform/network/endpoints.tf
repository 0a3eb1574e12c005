# Written by deploy/write_templates.py from deploy/tables: change these.

resource "aws_vpc_endpoint" "ec2_endpoint" {
  vpc_endpoint_type   = "Interface"
  service_name        = "com.amazonaws.${data.aws_region.current.region}.ec2"
  private_dns_enabled = true
  vpc_id              = var.vpc_id
  subnet_ids          = var.subnet_ids
  security_group_ids  = [aws_security_group.endpoint_security_group.id]
}

resource "aws_vpc_endpoint" "firehose_endpoint" {
  vpc_endpoint_type   = "Interface"
  service_name        = "com.amazonaws.${data.aws_region.current.region}.kinesis-firehose"
  private_dns_enabled = true
  vpc_id              = var.vpc_id
  subnet_ids          = var.subnet_ids
  security_group_ids  = [aws_security_group.endpoint_security_group.id]
}

resource "aws_vpc_endpoint" "secretsmanager_endpoint" {
  vpc_endpoint_type   = "Interface"
  service_name        = "com.amazonaws.${data.aws_region.current.region}.secretsmanager"
  private_dns_enabled = true
  vpc_id              = var.vpc_id
  subnet_ids          = var.subnet_ids
  security_group_ids  = [aws_security_group.endpoint_security_group.id]
}

resource "aws_vpc_endpoint" "sts_endpoint" {
  vpc_endpoint_type   = "Interface"
  service_name        = "com.amazonaws.${data.aws_region.current.region}.sts"
  private_dns_enabled = true
  vpc_id              = var.vpc_id
  subnet_ids          = var.subnet_ids
  security_group_ids  = [aws_security_group.endpoint_security_group.id]
}
