# Written by deploy/write_templates.py from deploy/tables: change these.

resource "terraform_data" "rules" {
  lifecycle {
    precondition {
      condition     = var.packing != "gzip" || var.compression == "UNCOMPRESSED"
      error_message = "packing gzip compresses already - set compression to UNCOMPRESSED."
    }
    precondition {
      condition     = var.packing != "gzip" || var.partitioning == "none"
      error_message = "packing gzip puts records of all partitions into one - set partitioning to none."
    }
    precondition {
      condition     = var.packing != "gzip" || var.destination == "s3"
      error_message = "packing gzip is for S3 alone."
    }
    precondition {
      condition     = !(var.partitioning != "none") || var.destination == "s3"
      error_message = "Firehose partitions for S3 alone."
    }
    precondition {
      condition     = !(var.partitioning != "none") || var.delivery_size == 64 || var.delivery_size == 128
      error_message = "partitioning needs delivery_size 64 or 128."
    }
    precondition {
      condition     = var.destination != "http" || var.delivery_size != 128
      error_message = "HTTP endpoints take delivery_size 64 at most."
    }
    precondition {
      condition     = !(var.flow_log_resource_type != "none") || var.flow_log_resource_id != ""
      error_message = "flow_log_resource_type needs flow_log_resource_id."
    }
    precondition {
      condition     = !(var.flow_log_resource_id != "") || var.flow_log_resource_type != "none"
      error_message = "flow_log_resource_id needs flow_log_resource_type."
    }
    precondition {
      condition     = var.destination != "splunk" || var.splunk_url != ""
      error_message = "Splunk needs splunk_url."
    }
    precondition {
      condition     = var.destination != "splunk" || var.endpoint_secret_arn != ""
      error_message = "Splunk needs endpoint_secret_arn."
    }
    precondition {
      condition     = var.destination != "http" || var.http_url != ""
      error_message = "HTTP endpoints need http_url."
    }
    precondition {
      condition     = var.destination != "http" || var.endpoint_secret_arn != ""
      error_message = "HTTP endpoints need endpoint_secret_arn."
    }
    precondition {
      condition     = !(length(var.subnet_ids) > 0) || length(var.security_group_ids) > 0
      error_message = "subnet_ids need security_group_ids."
    }
    precondition {
      condition     = var.inventory != "redis" || var.redis_url != ""
      error_message = "inventory redis needs redis_url."
    }
    precondition {
      condition     = var.inventory != "redis" || length(var.subnet_ids) > 0
      error_message = "Redis is reached from subnet_ids alone."
    }
    precondition {
      condition     = !(var.inventory != "live") || var.snapshot_schedule != ""
      error_message = "inventory snapshot and redis need a snapshot_schedule, which writes them."
    }
    precondition {
      condition     = !(var.inventory != "live" && var.max_inventory_age == 7200) || !(var.snapshot_schedule == "rate(3 hours)" || var.snapshot_schedule == "rate(4 hours)" || var.snapshot_schedule == "rate(6 hours)" || var.snapshot_schedule == "rate(8 hours)" || var.snapshot_schedule == "rate(12 hours)" || var.snapshot_schedule == "rate(24 hours)" || var.snapshot_schedule == "rate(1 day)" || var.snapshot_schedule == "rate(7 days)")
      error_message = "With this snapshot_schedule the inventory grows older than max_inventory_age - set that to more seconds."
    }
    precondition {
      condition     = var.flow_log_resource_type != "none" || var.traffic_type == "ALL"
      error_message = "traffic_type has no use with flow_log_resource_type none - leave it out, or set flow_log_resource_type and flow_log_resource_id."
    }
    precondition {
      condition     = var.flow_log_resource_type != "none" || var.aggregation_interval == 600
      error_message = "aggregation_interval has no use with flow_log_resource_type none - leave it out, or set flow_log_resource_type and flow_log_resource_id."
    }
    precondition {
      condition     = !(var.destination != "splunk") || var.splunk_url == ""
      error_message = "splunk_url has no use with destination s3 and http - leave it out, or set destination to splunk."
    }
    precondition {
      condition     = !(var.destination != "http") || var.http_url == ""
      error_message = "http_url has no use with destination s3 and splunk - leave it out, or set destination to http."
    }
    precondition {
      condition     = var.destination != "s3" || var.endpoint_secret_arn == ""
      error_message = "endpoint_secret_arn has no use with destination s3 - leave it out, or set destination to splunk or http."
    }
    precondition {
      condition     = !(var.destination != "s3") || var.compression == "GZIP"
      error_message = "compression has no use with destination splunk and http - leave it out, or set destination to s3."
    }
    precondition {
      condition     = var.destination != "splunk" || var.delivery_size == 64
      error_message = "delivery_size has no use with destination splunk, which gathers 5 MB or 60 seconds - leave it out, or set destination to http."
    }
    precondition {
      condition     = var.destination != "splunk" || var.delivery_interval == 300 || var.delivery_interval == 60
      error_message = "delivery_interval has no use with destination splunk, which gathers 5 MB or 60 seconds - leave it out, or set destination to http."
    }
    precondition {
      condition     = !(var.inventory != "redis") || var.redis_url == ""
      error_message = "redis_url has no use with inventory live and snapshot - leave it out, or set inventory to redis."
    }
    precondition {
      condition     = !(var.inventory != "redis") || var.redis_password_secret_arn == ""
      error_message = "redis_password_secret_arn has no use with inventory live and snapshot - leave it out, or set inventory to redis."
    }
    precondition {
      condition     = !(var.endpoint_secret_arn == "" && var.redis_password_secret_arn == "") || length(var.secret_kms_key_arns) == 0
      error_message = "secret_kms_key_arns has no use without endpoint_secret_arn and redis_password_secret_arn - leave it out, or set one of these too."
    }
    precondition {
      condition     = !(var.inventory != "live") || var.role_arn == ""
      error_message = "role_arn has no use with inventory snapshot and redis - leave it out, or name the roles in snapshot_role_arns."
    }
    precondition {
      condition     = var.snapshot_schedule != "" || length(var.snapshot_role_arns) == 0
      error_message = "snapshot_role_arns has no use without snapshot_schedule - leave it out, or set it."
    }
    precondition {
      condition     = !(var.snapshot_schedule == "" && var.role_arn != "") || length(var.regions) == 0
      error_message = "regions has no use with role_arn and without snapshot_schedule - leave it out, or set regions of account."
    }
    precondition {
      condition     = length(var.subnet_ids) > 0 || length(var.security_group_ids) == 0
      error_message = "security_group_ids has no use without subnet_ids - leave it out, or set these too."
    }
  }
}
