# Written by deploy/write_templates.py from deploy/tables: change these.

resource "terraform_data" "rules" {
  lifecycle {
    precondition {
      condition     = var.inventory != "snapshot" || var.snapshot_path != ""
      error_message = "inventory snapshot needs snapshot_path."
    }
    precondition {
      condition     = !(length(var.subnet_ids) > 0) || length(var.security_group_ids) > 0
      error_message = "subnet_ids need security_group_ids."
    }
    precondition {
      condition     = !(var.flow_log_resource_id != "") || var.source_bucket_name == ""
      error_message = "flow_log_resource_id is for the bucket that is made - leave source_bucket_name empty."
    }
  }
}
