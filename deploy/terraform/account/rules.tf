# Written by deploy/write_templates.py from deploy/tables: change these.

resource "terraform_data" "rules" {
  lifecycle {
    precondition {
      condition     = !(var.flow_log_resource_id != "") || var.stream_arn != ""
      error_message = "flow_log_resource_id needs stream_arn."
    }
    precondition {
      condition     = !(var.flow_log_resource_id != "") || var.receiver_account_id != ""
      error_message = "flow_log_resource_id needs receiver_account_id."
    }
  }
}
