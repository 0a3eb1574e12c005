output "bucket_name" {
  description = "Where enriched files are, under records/"
  value       = aws_s3_bucket.bucket.bucket
}

output "source_bucket_name" {
  description = "Where flow logs are to be delivered"
  value       = local.makes_source_bucket ? aws_s3_bucket.source_bucket[0].bucket : var.source_bucket_name
}

output "dead_letter_queue_url" {
  description = "What could not be enriched"
  value       = aws_sqs_queue.dead_letter_queue.url
}

output "function_role_arn" {
  description = "For the trust of roles in other accounts (account)"
  value       = aws_iam_role.function_role.arn
}
