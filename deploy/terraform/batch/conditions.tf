# Written by deploy/write_templates.py from deploy/tables: change these.

locals {
  has_source_bucket   = !var.makes_bucket
  makes_source_bucket = var.makes_bucket
  has_flow_log        = var.flow_log_resource_type != "none"
  is_live             = var.inventory == "live"
  reads_snapshot      = var.inventory == "snapshot"
  reads_history       = var.inventory == "history"
  judges_by_now       = var.inventory != "history"
  has_role            = local.is_live && var.role_arn != ""
  asks_ec2            = local.is_live && var.role_arn == ""
  has_regions         = length(var.regions) > 0
  in_vpc              = length(var.subnet_ids) > 0
  has_key             = var.kms_key_arn != ""
  expires             = var.retention_days != 0
  has_alarm_topic     = var.alarm_topic_arn != ""
}
