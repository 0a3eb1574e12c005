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
      condition     = !(var.destination != "s3") || var.endpoint_url != ""
      error_message = "Splunk and HTTP endpoints need endpoint_url."
    }
    precondition {
      condition     = !(var.destination != "s3") || var.endpoint_secret_arn != ""
      error_message = "Splunk and HTTP endpoints need endpoint_secret_arn."
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
  }
}
