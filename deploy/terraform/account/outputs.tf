output "sender_role_arn" {
  description = "Who delivers; null without a flow log"
  value       = one(aws_iam_role.sender_role[*].arn)
}

output "reader_role_arn" {
  description = "For stream's role_arn, with {account-id} in place of this account; null without function_role_arns"
  value       = one(aws_iam_role.reader_role[*].arn)
}
