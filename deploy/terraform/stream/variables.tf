# Written by deploy/write_templates.py from deploy/tables: change these.

variable "name" {
  description = "What names of resources begin with"
  type        = string
  default     = "sgflow-stream"

  validation {
    condition     = can(regex("^[a-z][a-z0-9]*(-[a-z0-9]+)*$", var.name)) && length(var.name) <= 29
    error_message = "At most 29 characters: small letters, digits and single hyphens, a letter first."
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

variable "flow_log_resource_id" {
  description = "The VPC, subnet or network interface to log"
  type        = string
  default     = ""
}

variable "flow_log_resource_type" {
  description = "What it is; none - no flow log is made, as when they come from another account (account)"
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
  description = "The fields of a record; the function is told the same, and flow logs of other accounts must have it too"
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

variable "destination" {
  description = "Where records go; the bucket then takes what could not be delivered"
  type        = string
  default     = "s3"

  validation {
    condition     = contains(["s3", "splunk", "http"], var.destination)
    error_message = "One of: s3, splunk, http."
  }
}

variable "splunk_url" {
  description = "The HTTPS address of Splunk's event collector, with its port"
  type        = string
  default     = ""

  validation {
    condition     = can(regex("^(https://.+)?$", var.splunk_url))
    error_message = "Firehose delivers over TLS alone - an address that begins with https://."
  }
}

variable "http_url" {
  description = "The HTTPS address of the HTTP endpoint, at port 443"
  type        = string
  default     = ""

  validation {
    condition     = can(regex("^(https://[^:/?# ]+(:443)?([/?].*)?)?$", var.http_url))
    error_message = "Firehose delivers to HTTP endpoints over TLS and at port 443 alone - https://HOST/PATH."
  }
}

variable "endpoint_secret_arn" {
  description = "ARN of the secret in Secrets Manager with the endpoint's token, as JSON - {\"hec_token\": \"TOKEN\"} for Splunk, {\"api_key\": \"TOKEN\"} for HTTP"
  type        = string
  default     = ""
}

variable "secret_kms_key_arns" {
  description = "The KMS keys that endpoint_secret_arn and redis_password_secret_arn are encrypted with; empty - kms_key_arn, or Secrets Manager's own"
  type        = list(string)
  default     = []
}

variable "compression" {
  description = "Firehose's compression of the objects in S3"
  type        = string
  default     = "GZIP"

  validation {
    condition     = contains(["GZIP", "UNCOMPRESSED"], var.compression)
    error_message = "One of: GZIP, UNCOMPRESSED."
  }
}

variable "packing" {
  description = "gzip - the function compresses, and hardly anything overflows; takes Compression UNCOMPRESSED, Destination s3 and no partitioning"
  type        = string
  default     = "none"

  validation {
    condition     = contains(["none", "gzip"], var.packing)
    error_message = "One of: none, gzip."
  }
}

variable "partitioning" {
  description = "How objects are filed in S3 by what their records hold (dynamic partitioning); cannot be switched on for a stream that is there"
  type        = string
  default     = "none"

  validation {
    condition     = contains(["none", "day", "account-region-day", "account-region-day-hour"], var.partitioning)
    error_message = "One of: none, day, account-region-day, account-region-day-hour."
  }
}

variable "delivery_size" {
  description = "Megabytes that Firehose gathers for an object; with partitioning 64 at least, HTTP 64 at most; Splunk has 5 of its own"
  type        = number
  default     = 64

  validation {
    condition     = contains([1, 2, 4, 8, 16, 32, 64, 128], var.delivery_size)
    error_message = "One of: 1, 2, 4, 8, 16, 32, 64, 128."
  }
}

variable "delivery_interval" {
  description = "Seconds that it gathers for at most; Splunk has 60 of its own"
  type        = number
  default     = 300

  validation {
    condition     = var.delivery_interval >= 60
    error_message = "At least 60."
  }

  validation {
    condition     = var.delivery_interval <= 900
    error_message = "At most 900."
  }
}

variable "inventory" {
  description = "live - EC2 is asked for what records need; snapshot - the newest one in S3; redis - that of redis_url"
  type        = string
  default     = "live"

  validation {
    condition     = contains(["live", "snapshot", "redis"], var.inventory)
    error_message = "One of: live, snapshot, redis."
  }
}

variable "redis_url" {
  description = "rediss://HOST:PORT/KEY for the snapshot that functions share (network makes one)"
  type        = string
  default     = ""

  validation {
    condition     = can(regex("^(rediss?://.+)?$", var.redis_url))
    error_message = "rediss://HOST:PORT/KEY."
  }
}

variable "redis_password_secret_arn" {
  description = "ARN of the secret that is its password, as plain text"
  type        = string
  default     = ""
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

variable "snapshot_schedule" {
  description = "When snapshots of the configuration are written to S3, as EventBridge Scheduler takes it; with Inventory snapshot and redis more often than max_inventory_age; empty - never"
  type        = string
  default     = "rate(1 hour)"
}

variable "snapshot_role_arns" {
  description = "The roles that they are taken by, one for each account; empty - of this account"
  type        = list(string)
  default     = []
}

variable "buffer_size" {
  description = "Megabytes that Firehose hands to the function at once; sgflow size says what never overflows"
  type        = number
  default     = 1

  validation {
    condition     = var.buffer_size >= 0.2
    error_message = "At least 0.2."
  }

  validation {
    condition     = var.buffer_size <= 3
    error_message = "At most 3."
  }
}

variable "buffer_interval" {
  description = "Seconds that it waits for them at most"
  type        = number
  default     = 60

  validation {
    condition     = var.buffer_interval >= 0
    error_message = "At least 0."
  }

  validation {
    condition     = var.buffer_interval <= 900
    error_message = "At most 900."
  }
}

variable "reingest" {
  description = "Records whose output does not fit into an answer go back to the stream; else they go to the error prefix"
  type        = bool
  default     = true
}

variable "memory_size" {
  description = "Megabytes of the functions; the processor's share grows with them"
  type        = number
  default     = 512

  validation {
    condition     = var.memory_size >= 128
    error_message = "At least 128."
  }

  validation {
    condition     = var.memory_size <= 10240
    error_message = "At most 10240."
  }
}

variable "timeout" {
  description = "Seconds for an invocation; Firehose waits for five minutes"
  type        = number
  default     = 120

  validation {
    condition     = var.timeout >= 60
    error_message = "At least 60."
  }

  validation {
    condition     = var.timeout <= 300
    error_message = "At most 300."
  }
}

variable "reserved_concurrency" {
  description = "How many invocations may run at once, kept free for them; empty - no limit of its own"
  type        = string
  default     = ""

  validation {
    condition     = can(regex("^([1-9][0-9]*)?$", var.reserved_concurrency))
    error_message = "A number from 1 on, as 0 would stop the functions; or nothing."
  }
}

variable "subnet_ids" {
  description = "Subnets to run the functions in; network makes the endpoints, which are of this Region - for other Regions they need a NAT gateway; empty - outside of a VPC"
  type        = list(string)
  default     = []
}

variable "security_group_ids" {
  description = "Their security groups there"
  type        = list(string)
  default     = []
}

variable "kms_key_arn" {
  description = "A KMS key for bucket, stream, logs and the functions' variables; empty - keys of the services"
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
  description = "Days that the logs of functions and stream are kept"
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
  description = "Seconds of the inventory's age above which there is an alarm; with Inventory snapshot and redis more than snapshot_schedule lets pass between two"
  type        = number
  default     = 7200

  validation {
    condition     = var.max_inventory_age >= 60
    error_message = "At least 60."
  }
}
