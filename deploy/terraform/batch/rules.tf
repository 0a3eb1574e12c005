# Written by deploy/write_templates.py from deploy/tables: change these.

resource "terraform_data" "rules" {
  lifecycle {
    precondition {
      condition     = var.inventory != "snapshot" || var.snapshot_bucket_name != ""
      error_message = "inventory snapshot needs snapshot_bucket_name."
    }
    precondition {
      condition     = var.inventory != "snapshot" || var.snapshot_key != ""
      error_message = "inventory snapshot needs snapshot_key."
    }
    precondition {
      condition     = !(length(var.subnet_ids) > 0) || length(var.security_group_ids) > 0
      error_message = "subnet_ids need security_group_ids."
    }
    precondition {
      condition     = !(var.flow_log_resource_type != "none") || var.flow_log_resource_id != ""
      error_message = "flow_log_resource_type needs flow_log_resource_id."
    }
    precondition {
      condition     = !(var.flow_log_resource_type != "none") || var.makes_bucket
      error_message = "A flow log goes to the bucket that is made - set makes_bucket to true."
    }
    precondition {
      condition     = !(var.flow_log_resource_id != "") || var.flow_log_resource_type != "none"
      error_message = "flow_log_resource_id needs flow_log_resource_type."
    }
    precondition {
      condition     = !var.makes_bucket || var.source_bucket_name == ""
      error_message = "source_bucket_name is for a bucket that is there - set makes_bucket to false."
    }
    precondition {
      condition     = var.makes_bucket || var.source_bucket_name != ""
      error_message = "makes_bucket false needs source_bucket_name."
    }
  }
}
