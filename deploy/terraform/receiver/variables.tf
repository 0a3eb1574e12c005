# Written by deploy/write_templates.py from deploy/tables: change these.

variable "sender_account_ids" {
  description = "The other accounts, which get account"
  type        = list(string)
}

variable "sender_role_name" {
  description = "The name of the role that they deliver by, as account has it"
  type        = string
  default     = "sgflow-flow-log-sender"
}

variable "stream_arns" {
  description = "ARNs of the streams that they may deliver to (stream's StreamArn)"
  type        = list(string)
}
