resource "aws_security_group" "cache_security_group" {
  count       = local.has_cache ? 1 : 0
  name_prefix = "${var.name}-cache-"
  description = "The snapshot that sgflow functions share"
  vpc_id      = var.vpc_id
}

resource "aws_vpc_security_group_egress_rule" "cache_security_group" {
  count             = local.has_cache ? 1 : 0
  security_group_id = aws_security_group.cache_security_group[0].id
  description       = "Nowhere - it answers and asks nobody"
  ip_protocol       = "-1"
  cidr_ipv4         = "127.0.0.1/32"
}

resource "aws_vpc_security_group_ingress_rule" "cache_security_group" {
  count                        = local.has_cache ? 1 : 0
  security_group_id            = aws_security_group.cache_security_group[0].id
  description                  = "sgflow functions"
  ip_protocol                  = "tcp"
  from_port                    = 6379
  to_port                      = 6379
  referenced_security_group_id = aws_security_group.function_security_group.id
}

resource "aws_vpc_security_group_egress_rule" "function_to_cache" {
  count                        = local.has_cache ? 1 : 0
  security_group_id            = aws_security_group.function_security_group.id
  description                  = "The cache"
  ip_protocol                  = "tcp"
  from_port                    = 6379
  to_port                      = 6379
  referenced_security_group_id = aws_security_group.cache_security_group[0].id
}

# It stands in Terraform's state too: keep that encrypted.
data "aws_secretsmanager_random_password" "cache_password" {
  count               = local.has_cache ? 1 : 0
  password_length     = 64
  exclude_punctuation = true
}

resource "aws_secretsmanager_secret" "cache_password" {
  count       = local.has_cache ? 1 : 0
  name_prefix = "${var.name}-cache-"
  description = "The cache's password"
  kms_key_id  = local.has_key ? var.kms_key_arn : null
}

# Each plan would make another password.
resource "aws_secretsmanager_secret_version" "cache_password" {
  count         = local.has_cache ? 1 : 0
  secret_id     = aws_secretsmanager_secret.cache_password[0].id
  secret_string = data.aws_secretsmanager_random_password.cache_password[0].random_password

  lifecycle {
    ignore_changes = [secret_string]
  }
}

resource "aws_elasticache_subnet_group" "cache_subnets" {
  count       = local.has_cache ? 1 : 0
  name        = "${var.name}-cache"
  description = "sgflow"
  subnet_ids  = var.subnet_ids
}

resource "aws_elasticache_replication_group" "cache" {
  count                      = local.has_cache ? 1 : 0
  replication_group_id       = "${var.name}-cache"
  description                = "The snapshot that sgflow functions share"
  engine                     = "valkey"
  engine_version             = "8.0"
  node_type                  = var.cache_node_type
  num_cache_clusters         = var.cache_nodes
  automatic_failover_enabled = local.has_replicas ? true : false
  multi_az_enabled           = local.has_replicas ? true : false
  subnet_group_name          = aws_elasticache_subnet_group.cache_subnets[0].name
  security_group_ids         = [aws_security_group.cache_security_group[0].id]
  transit_encryption_enabled = true
  at_rest_encryption_enabled = true
  kms_key_id                 = local.has_key ? var.kms_key_arn : null
  auth_token                 = aws_secretsmanager_secret_version.cache_password[0].secret_string
}
