# Written by deploy/write_templates.py from deploy/tables: change these.

locals {
  has_cache    = var.makes_cache
  has_replicas = var.cache_nodes != 1
  has_key      = var.kms_key_arn != ""
}
