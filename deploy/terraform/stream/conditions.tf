# Written by deploy/write_templates.py from deploy/tables: change these.

locals {
  has_flow_log             = var.flow_log_resource_type != "none"
  to_s3                    = var.destination == "s3"
  to_splunk                = var.destination == "splunk"
  to_http                  = var.destination == "http"
  to_endpoint              = local.to_splunk || local.to_http
  has_secret_keys          = length(var.secret_kms_key_arns) > 0
  has_endpoint_key         = local.to_endpoint && local.has_secret_keys
  has_partitions           = var.partitioning != "none"
  is_gzip                  = var.compression == "GZIP" || var.packing == "gzip"
  reingests                = var.reingest
  is_live                  = var.inventory == "live"
  reads_snapshot           = var.inventory == "snapshot"
  uses_redis               = var.inventory == "redis"
  has_redis_password       = local.uses_redis && var.redis_password_secret_arn != ""
  has_redis_password_key   = local.has_redis_password && local.has_secret_keys
  has_role                 = local.is_live && var.role_arn != ""
  asks_ec2                 = local.is_live && var.role_arn == ""
  has_regions              = length(var.regions) > 0
  takes_snapshots          = var.snapshot_schedule != ""
  has_snapshot_roles       = length(var.snapshot_role_arns) > 0
  lists_own_account        = length(var.snapshot_role_arns) == 0
  has_reserved_concurrency = var.reserved_concurrency != ""
  in_vpc                   = length(var.subnet_ids) > 0
  has_key                  = var.kms_key_arn != ""
  expires                  = var.retention_days != 0
  has_alarm_topic          = var.alarm_topic_arn != ""

  partitions = {
    none = {
      keys   = ""
      prefix = "records/!{timestamp:yyyy/MM/dd/HH}/"
    }
    day = {
      keys   = "day"
      prefix = "records/day=!{partitionKeyFromLambda:day}/"
    }
    "account-region-day" = {
      keys   = "account_id,region,day"
      prefix = "records/account_id=!{partitionKeyFromLambda:account_id}/region=!{partitionKeyFromLambda:region}/day=!{partitionKeyFromLambda:day}/"
    }
    "account-region-day-hour" = {
      keys   = "account_id,region,day,hour"
      prefix = "records/account_id=!{partitionKeyFromLambda:account_id}/region=!{partitionKeyFromLambda:region}/day=!{partitionKeyFromLambda:day}/hour=!{partitionKeyFromLambda:hour}/"
    }
  }

  delivery = {
    s3 = {
      freshness = "DeliveryToS3.DataFreshness"
      success   = "DeliveryToS3.Success"
    }
    splunk = {
      freshness = "DeliveryToSplunk.DataFreshness"
      success   = "DeliveryToSplunk.Success"
    }
    http = {
      freshness = "DeliveryToHttpEndpoint.DataFreshness"
      success   = "DeliveryToHttpEndpoint.Success"
    }
  }
}
