# Written by deploy/write_templates.py from deploy/tables: change these.

resource "terraform_data" "rules" {
  lifecycle {
    precondition {
      condition     = !var.makes_s3_endpoint || length(var.route_table_ids) > 0
      error_message = "makes_s3_endpoint needs route_table_ids."
    }
    precondition {
      condition     = var.makes_s3_endpoint || length(var.route_table_ids) == 0
      error_message = "route_table_ids has no use with makes_s3_endpoint false - leave it out, or set makes_s3_endpoint to true."
    }
    precondition {
      condition     = var.makes_cache || var.cache_node_type == "cache.t4g.small"
      error_message = "cache_node_type has no use with makes_cache false - leave it out, or set makes_cache to true."
    }
    precondition {
      condition     = var.makes_cache || var.cache_nodes == 2
      error_message = "cache_nodes has no use with makes_cache false - leave it out, or set makes_cache to true."
    }
    precondition {
      condition     = var.makes_cache || var.kms_key_arn == ""
      error_message = "kms_key_arn has no use with makes_cache false - leave it out, or set makes_cache to true."
    }
  }
}
