# Written by deploy/write_templates.py from deploy/tables: change these.

locals {
  has_ec2_endpoint            = var.makes_ec2_endpoint
  has_firehose_endpoint       = var.makes_firehose_endpoint
  has_s3_endpoint             = var.makes_s3_endpoint
  has_secretsmanager_endpoint = var.makes_secretsmanager_endpoint
  has_sts_endpoint            = var.makes_sts_endpoint
  has_interface_endpoints     = local.has_ec2_endpoint || local.has_firehose_endpoint || local.has_secretsmanager_endpoint || local.has_sts_endpoint
  has_cache                   = var.makes_cache
  has_replicas                = var.cache_nodes != 1
  has_key                     = var.kms_key_arn != ""
}
