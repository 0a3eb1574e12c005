# Written by deploy/write_templates.py from deploy/tables: change these.

variable "name" {
  description = "What names of resources begin with"
  type        = string
  default     = "sgflow-batch"

  validation {
    condition     = can(regex("^[a-z][a-z0-9]*(-[a-z0-9]+)*$", var.name)) && length(var.name) <= 22
    error_message = "At most 22 characters: small letters, digits and single hyphens, a letter first."
  }
}

variable "code_bucket" {
  description = "The S3 bucket, in this Region, that holds the package"
  type        = string
}

variable "code_key" {
  description = "The package's key there; another one for each version, as Terraform does not look at what it holds"
  type        = string
}

variable "architecture" {
  description = "The processor that the package is for"
  type        = string
  default     = "arm64"

  validation {
    condition     = contains(["arm64", "x86_64"], var.architecture)
    error_message = "One of: arm64, x86_64."
  }
}

variable "makes_bucket" {
  description = "Whether to make the bucket that flow logs are delivered to"
  type        = bool
  default     = true
}

variable "source_bucket_name" {
  description = "With makes_bucket false, that bucket, which must tell EventBridge of its objects"
  type        = string
  default     = ""
}

variable "flow_log_resource_id" {
  description = "The VPC, subnet or network interface to log to the bucket that is made"
  type        = string
  default     = ""
}

variable "flow_log_resource_type" {
  description = "What it is; none - no flow log is made"
  type        = string
  default     = "none"

  validation {
    condition     = contains(["none", "VPC", "Subnet", "NetworkInterface"], var.flow_log_resource_type)
    error_message = "One of: none, VPC, Subnet, NetworkInterface."
  }
}

variable "traffic_type" {
  description = "Which traffic is logged"
  type        = string
  default     = "ALL"

  validation {
    condition     = contains(["ALL", "ACCEPT", "REJECT"], var.traffic_type)
    error_message = "One of: ALL, ACCEPT, REJECT."
  }
}

variable "aggregation_interval" {
  description = "Seconds that one record sums up at most"
  type        = number
  default     = 600

  validation {
    condition     = contains([60, 600], var.aggregation_interval)
    error_message = "One of: 60, 600."
  }
}

variable "log_format" {
  description = "The fields of a record; files say for themselves what they hold"
  type        = string
  default     = "$${version} $${account-id} $${interface-id} $${srcaddr} $${dstaddr} $${srcport} $${dstport} $${protocol} $${packets} $${bytes} $${start} $${end} $${action} $${log-status} $${vpc-id} $${subnet-id} $${instance-id} $${tcp-flags} $${type} $${pkt-srcaddr} $${pkt-dstaddr} $${region} $${az-id} $${sublocation-type} $${sublocation-id} $${pkt-src-aws-service} $${pkt-dst-aws-service} $${flow-direction} $${traffic-path} $${reject-reason} $${resource-id}"
}

variable "format" {
  description = "What a record becomes (docs/schema.md, docs/classic-format.md)"
  type        = string
  default     = "json"

  validation {
    condition     = contains(["json", "classic"], var.format)
    error_message = "One of: json, classic."
  }
}

variable "fields" {
  description = "SGFLOW_FIELDS, the fields and columns to write; empty - those of the format"
  type        = string
  default     = ""
}

variable "inventory" {
  description = "live - EC2 is asked for what records need; snapshot - the one at snapshot_key of snapshot_bucket_name; history - all under history_prefix there, each for the records of its time"
  type        = string
  default     = "live"

  validation {
    condition     = contains(["live", "snapshot", "history"], var.inventory)
    error_message = "One of: live, snapshot, history."
  }
}

variable "snapshot_bucket_name" {
  description = "The bucket of snapshots, as the one that stream makes"
  type        = string
  default     = ""
}

variable "snapshot_key" {
  description = "The key of the snapshot there"
  type        = string
  default     = "inventory/current.json.gz"

  validation {
    condition     = can(regex("^[^*?]*[^*?/]$", var.snapshot_key))
    error_message = "A key without wildcards and without a slash at its end."
  }
}

variable "history_prefix" {
  description = "The prefix of the snapshots there"
  type        = string
  default     = "inventory/history/"

  validation {
    condition     = can(regex("^[^*?]+/$", var.history_prefix))
    error_message = "A prefix without wildcards, with a slash at its end."
  }
}

variable "role_arn" {
  description = "SGFLOW_ROLE_ARN, a role to ask EC2 by; {account-id} in it is each record's account (account makes the roles)"
  type        = string
  default     = ""
}

variable "regions" {
  description = "The Regions that records are of; empty - this one"
  type        = list(string)
  default     = []
}

variable "maximum_concurrency" {
  description = "How many files are enriched at once"
  type        = number
  default     = 10

  validation {
    condition     = var.maximum_concurrency >= 2
    error_message = "At least 2."
  }

  validation {
    condition     = var.maximum_concurrency <= 1000
    error_message = "At most 1000."
  }
}

variable "memory_size" {
  description = "Megabytes of the function; the processor's share grows with them"
  type        = number
  default     = 1024

  validation {
    condition     = var.memory_size >= 128
    error_message = "At least 128."
  }

  validation {
    condition     = var.memory_size <= 10240
    error_message = "At most 10240."
  }
}

variable "subnet_ids" {
  description = "Subnets to run the function in; network makes the endpoints, which are of this Region - for other Regions it needs a NAT gateway; empty - outside of a VPC"
  type        = list(string)
  default     = []
}

variable "security_group_ids" {
  description = "Its security groups there"
  type        = list(string)
  default     = []
}

variable "kms_key_arn" {
  description = "A KMS key for buckets, logs and the function's variables; empty - keys of the services"
  type        = string
  default     = ""
}

variable "archive_class" {
  description = "The storage class that objects move to"
  type        = string
  default     = "INTELLIGENT_TIERING"

  validation {
    condition     = contains(["INTELLIGENT_TIERING", "STANDARD_IA"], var.archive_class)
    error_message = "One of: INTELLIGENT_TIERING, STANDARD_IA."
  }
}

variable "archive_after_days" {
  description = "Days after which they do"
  type        = number
  default     = 30

  validation {
    condition     = var.archive_after_days >= 30
    error_message = "At least 30."
  }
}

variable "retention_days" {
  description = "Days after which objects are deleted; 0 - never"
  type        = number
  default     = 365

  validation {
    condition     = var.retention_days >= 0
    error_message = "At least 0."
  }
}

variable "log_retention_days" {
  description = "Days that the function's log is kept"
  type        = number
  default     = 30

  validation {
    condition     = contains([1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 3653], var.log_retention_days)
    error_message = "One of: 1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 3653."
  }
}

variable "alarm_topic_arn" {
  description = "The SNS topic that alarms go to; empty - they are only shown"
  type        = string
  default     = ""
}

variable "max_inventory_age" {
  description = "Seconds of the inventory's age above which there is an alarm; with Inventory snapshot more than pass between two snapshots (SnapshotSchedule of stream)"
  type        = number
  default     = 7200

  validation {
    condition     = var.max_inventory_age >= 60
    error_message = "At least 60."
  }
}
