# Written by deploy/write_templates.py from deploy/tables: change these.

variable "name" {
  description = "What names of resources begin with"
  type        = string
  default     = "sgflow-network"

  validation {
    condition     = can(regex("^[a-z][a-z0-9]*(-[a-z0-9]+)*$", var.name)) && length(var.name) <= 34
    error_message = "At most 34 characters: small letters, digits and single hyphens, a letter first."
  }
}

variable "vpc_id" {
  description = "The VPC"
  type        = string
}

variable "subnet_ids" {
  description = "Its subnets for endpoints and cache, one of each zone at most; functions may run in others too"
  type        = list(string)
}

variable "makes_ec2_endpoint" {
  description = "Whether to make the endpoint of EC2; false where the VPC has one"
  type        = bool
  default     = true
}

variable "makes_firehose_endpoint" {
  description = "Whether to make that of Firehose, for Reingest of stream"
  type        = bool
  default     = true
}

variable "makes_s3_endpoint" {
  description = "Whether to make the gateway to S3; false where the route tables have one"
  type        = bool
  default     = true
}

variable "makes_secretsmanager_endpoint" {
  description = "Whether to make that of Secrets Manager, for the password of a cache"
  type        = bool
  default     = true
}

variable "makes_sts_endpoint" {
  description = "Whether to make that of STS, for roles of other accounts and for snapshots"
  type        = bool
  default     = true
}

variable "route_table_ids" {
  description = "The route tables of the functions' subnets, which get a route to S3"
  type        = list(string)
  default     = []
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
  description = "A KMS key for cache and password, which stream has to be told too (SecretKmsKeyArns); empty - keys of the services"
  type        = string
  default     = ""
}
