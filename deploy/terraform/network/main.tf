resource "aws_security_group" "function_security_group" {
  name_prefix = "${var.name}-functions-"
  description = "sgflow functions"
  vpc_id      = var.vpc_id
}

resource "aws_vpc_security_group_egress_rule" "function_security_group" {
  security_group_id = aws_security_group.function_security_group.id
  description       = "AWS, through the endpoints"
  ip_protocol       = "tcp"
  from_port         = 443
  to_port           = 443
  cidr_ipv4         = "0.0.0.0/0"
}

resource "aws_security_group" "endpoint_security_group" {
  count       = local.has_interface_endpoints ? 1 : 0
  name_prefix = "${var.name}-endpoints-"
  description = "Endpoints that sgflow functions call"
  vpc_id      = var.vpc_id
}

# As in CloudFormation, where a group without a rule would get one to everywhere.
resource "aws_vpc_security_group_egress_rule" "endpoint_security_group" {
  count             = local.has_interface_endpoints ? 1 : 0
  security_group_id = aws_security_group.endpoint_security_group[0].id
  description       = "Nowhere - it answers and asks nobody"
  ip_protocol       = "-1"
  cidr_ipv4         = "127.0.0.1/32"
}

resource "aws_vpc_security_group_ingress_rule" "endpoint_security_group" {
  count                        = local.has_interface_endpoints ? 1 : 0
  security_group_id            = aws_security_group.endpoint_security_group[0].id
  description                  = "sgflow functions"
  ip_protocol                  = "tcp"
  from_port                    = 443
  to_port                      = 443
  referenced_security_group_id = aws_security_group.function_security_group.id
}

resource "aws_vpc_endpoint" "s3_endpoint" {
  count             = local.has_s3_endpoint ? 1 : 0
  vpc_endpoint_type = "Gateway"
  service_name      = "com.amazonaws.${data.aws_region.current.region}.s3"
  vpc_id            = var.vpc_id
  route_table_ids   = var.route_table_ids
}
