# Written by deploy/write_templates.py from deploy/tables: change these.

resource "terraform_data" "rules" {
  lifecycle {
    precondition {
      condition     = !(var.flow_log_resource_type != "none") || var.flow_log_resource_id != ""
      error_message = "flow_log_resource_type needs flow_log_resource_id."
    }
    precondition {
      condition     = !(var.flow_log_resource_type != "none") || var.stream_arn != ""
      error_message = "flow_log_resource_type needs stream_arn."
    }
    precondition {
      condition     = !(var.flow_log_resource_type != "none") || var.receiver_account_id != ""
      error_message = "flow_log_resource_type needs receiver_account_id."
    }
    precondition {
      condition     = !(var.flow_log_resource_id != "") || var.flow_log_resource_type != "none"
      error_message = "flow_log_resource_id needs flow_log_resource_type."
    }
  }
}
