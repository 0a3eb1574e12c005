# Written by deploy/write_templates.py from deploy/tables: change these.

resource "terraform_data" "rules" {
  lifecycle {
    precondition {
      condition     = var.inventory != "snapshot" || var.snapshot_bucket_name != ""
      error_message = "inventory snapshot needs snapshot_bucket_name."
    }
    precondition {
      condition     = var.inventory != "history" || var.snapshot_bucket_name != ""
      error_message = "inventory history needs snapshot_bucket_name."
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
      condition     = var.inventory != "live" || var.snapshot_bucket_name == ""
      error_message = "snapshot_bucket_name has no use with inventory live - leave it out, or set inventory to snapshot or history."
    }
    precondition {
      condition     = !(var.inventory != "snapshot") || var.snapshot_key == "inventory/current.json.gz"
      error_message = "snapshot_key has no use with inventory live and history - leave it out, or set inventory to snapshot."
    }
    precondition {
      condition     = !(var.inventory != "history") || var.history_prefix == "inventory/history/"
      error_message = "history_prefix has no use with inventory live and snapshot - leave it out, or set inventory to history."
    }
    precondition {
      condition     = var.inventory != "history" || var.max_inventory_age == 7200
      error_message = "max_inventory_age has no use with inventory history - leave it out, or set inventory to live or snapshot."
    }
    precondition {
      condition     = !(var.inventory != "live") || var.role_arn == ""
      error_message = "role_arn has no use with inventory snapshot and history - leave it out, or name the roles where snapshots are taken."
    }
    precondition {
      condition     = !(var.inventory != "live" || var.role_arn != "") || length(var.regions) == 0
      error_message = "regions has no use with role_arn, nor with inventory snapshot and history - leave it out, or set regions of account."
    }
    precondition {
      condition     = length(var.subnet_ids) > 0 || length(var.security_group_ids) == 0
      error_message = "security_group_ids has no use without subnet_ids - leave it out, or set these too."
    }
  }
}
