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
    precondition {
      condition     = var.flow_log_resource_type != "none" || length(var.function_role_arns) > 0
      error_message = "Nothing is to be made - set function_role_arns, or flow_log_resource_type and flow_log_resource_id."
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
      condition     = var.flow_log_resource_type != "none" || var.log_format == "$${version} $${account-id} $${interface-id} $${srcaddr} $${dstaddr} $${srcport} $${dstport} $${protocol} $${packets} $${bytes} $${start} $${end} $${action} $${log-status} $${vpc-id} $${subnet-id} $${instance-id} $${tcp-flags} $${type} $${pkt-srcaddr} $${pkt-dstaddr} $${region} $${az-id} $${sublocation-type} $${sublocation-id} $${pkt-src-aws-service} $${pkt-dst-aws-service} $${flow-direction} $${traffic-path} $${reject-reason} $${resource-id}"
      error_message = "log_format has no use with flow_log_resource_type none - leave it out, or set flow_log_resource_type and flow_log_resource_id."
    }
    precondition {
      condition     = var.flow_log_resource_type != "none" || var.stream_arn == ""
      error_message = "stream_arn has no use with flow_log_resource_type none - leave it out, or set flow_log_resource_type and flow_log_resource_id."
    }
    precondition {
      condition     = var.flow_log_resource_type != "none" || var.receiver_account_id == ""
      error_message = "receiver_account_id has no use with flow_log_resource_type none - leave it out, or set flow_log_resource_type and flow_log_resource_id."
    }
    precondition {
      condition     = var.flow_log_resource_type != "none" || var.sender_role_name == "sgflow-flow-log-sender"
      error_message = "sender_role_name has no use with flow_log_resource_type none - leave it out, or set flow_log_resource_type and flow_log_resource_id."
    }
    precondition {
      condition     = length(var.function_role_arns) > 0 || var.reader_role_name == "sgflow"
      error_message = "reader_role_name has no use without function_role_arns - leave it out, or set these too."
    }
    precondition {
      condition     = length(var.function_role_arns) > 0 || length(var.regions) == 0
      error_message = "regions has no use without function_role_arns - leave it out, or set these too."
    }
  }
}
