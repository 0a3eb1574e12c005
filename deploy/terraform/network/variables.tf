# Written by deploy/write_templates.py from deploy/tables: change these.

variable "name" {
  description = "What names of resources begin with"
  type        = string
  default     = "sgflow-network"
}

variable "vpc_id" {
  description = "The VPC"
  type        = string
}

variable "subnet_ids" {
  description = "Its subnets that the functions run in"
  type        = list(string)
}

variable "route_table_ids" {
  description = "Their route tables, which get a route to S3"
  type        = list(string)
}

variable "makes_cache" {
  description = "Whether to make an ElastiCache cluster for the snapshot"
  type        = bool
  default     = false
}

variable "cache_node_type" {
  description = "Its nodes; the snapshot of 100,000 interfaces takes some 30 MB"
  type        = string
  default     = "cache.t4g.small"
}

variable "cache_nodes" {
  description = "How many; two or more are in several zones, and one takes over from another"
  type        = number
  default     = 2

  validation {
    condition     = var.cache_nodes >= 1
    error_message = "At least 1."
  }

  validation {
    condition     = var.cache_nodes <= 6
    error_message = "At most 6."
  }
}

variable "kms_key_arn" {
  description = "A KMS key for cache and password; empty - keys of the services"
  type        = string
  default     = ""
}
