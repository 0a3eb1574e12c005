output "bucket_name" {
  description = "Where records, errors and snapshots are"
  value       = aws_s3_bucket.bucket.bucket
}

output "stream_name" {
  description = "For producers in this account"
  value       = aws_kinesis_firehose_delivery_stream.stream.name
}

output "stream_arn" {
  description = "For flow logs, of this account or another (account)"
  value       = aws_kinesis_firehose_delivery_stream.stream.arn
}

output "function_name" {
  description = "The function whose log and metrics tell what happens"
  value       = aws_lambda_function.function.function_name
}

output "function_role_arn" {
  description = "For the trust of roles in other accounts (account)"
  value       = aws_iam_role.function_role.arn
}

output "snapshot_role_arn" {
  description = "Likewise; null where no snapshots are taken"
  value       = one(aws_iam_role.snapshot_role[*].arn)
}
