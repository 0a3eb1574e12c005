# Written by deploy/write_templates.py from deploy/tables: change these.

locals {
  has_flow_log = var.flow_log_resource_type != "none"
  has_reader   = length(var.function_role_arns) > 0
  has_regions  = length(var.regions) > 0
}
