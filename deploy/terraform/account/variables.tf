# Written by deploy/write_templates.py from deploy/tables: change these.

variable "stream_arn" {
  description = "The stream that records go to (stream's stream_arn)"
  type        = string
  default     = ""
}

variable "receiver_account_id" {
  description = "The stream's account, which has receiver's role"
  type        = string
  default     = ""

  validation {
    condition     = can(regex("^([0-9]{12})?$", var.receiver_account_id))
    error_message = "Twelve digits."
  }
}

variable "sender_role_name" {
  description = "The name of the role that the flow log delivers by, as receiver has it"
  type        = string
  default     = "sgflow-flow-log-sender"
}

variable "flow_log_resource_id" {
  description = "The VPC, subnet or network interface to log"
  type        = string
  default     = ""
}

variable "flow_log_resource_type" {
  description = "What it is; none - nothing is logged, as in the stream's own account"
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
  description = "The fields of a record, as stream has them"
  type        = string
  default     = "$${version} $${account-id} $${interface-id} $${srcaddr} $${dstaddr} $${srcport} $${dstport} $${protocol} $${packets} $${bytes} $${start} $${end} $${action} $${log-status} $${vpc-id} $${subnet-id} $${instance-id} $${tcp-flags} $${type} $${pkt-srcaddr} $${pkt-dstaddr} $${region} $${az-id} $${sublocation-type} $${sublocation-id} $${pkt-src-aws-service} $${pkt-dst-aws-service} $${flow-direction} $${traffic-path} $${reject-reason} $${resource-id}"
}

variable "function_role_arns" {
  description = "Who may read security groups (stream's FunctionRoleArn and SnapshotRoleArn); empty - no such role is made"
  type        = list(string)
  default     = []
}

variable "reader_role_name" {
  description = "The name of that role, as stream's RoleArn has it"
  type        = string
  default     = "sgflow"
}

variable "regions" {
  description = "The Regions that it may read; empty - this one"
  type        = list(string)
  default     = []
}
