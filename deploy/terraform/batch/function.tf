resource "aws_cloudwatch_log_group" "function_log_group" {
  name_prefix       = "${var.name}-function-"
  retention_in_days = var.log_retention_days
  kms_key_id        = local.has_key ? var.kms_key_arn : null
}

resource "aws_lambda_function" "function" {
  function_name = "${var.name}-batch"
  description   = "Enriches flow-log files"
  role          = aws_iam_role.function_role.arn
  runtime       = "provided.al2023"
  handler       = "bootstrap"
  architectures = [var.architecture]
  s3_bucket     = var.code_bucket
  s3_key        = var.code_key
  memory_size   = var.memory_size
  timeout       = 300
  kms_key_arn   = local.has_key ? var.kms_key_arn : null

  logging_config {
    log_format = "JSON"
    log_group  = aws_cloudwatch_log_group.function_log_group.name
  }

  dynamic "vpc_config" {
    for_each = local.in_vpc ? [1] : []

    content {
      subnet_ids         = var.subnet_ids
      security_group_ids = var.security_group_ids
    }
  }

  environment {
    variables = {
      SGFLOW_OUTPUT    = "s3://${aws_s3_bucket.bucket.bucket}/records/"
      SGFLOW_INVENTORY = local.is_live ? "live" : local.reads_history ? "s3://${var.snapshot_bucket_name}/${var.history_prefix}" : "s3://${var.snapshot_bucket_name}/${var.snapshot_key}"
      SGFLOW_ROLE_ARN  = var.role_arn
      SGFLOW_FORMAT    = var.format
      SGFLOW_FIELDS    = var.fields
    }
  }

  # Lambda looks at what the role may do when it places the function.
  depends_on = [aws_iam_role_policy.function_role, terraform_data.rules]
}

resource "aws_lambda_event_source_mapping" "queue_to_function" {
  event_source_arn        = aws_sqs_queue.queue.arn
  function_name           = aws_lambda_function.function.arn
  batch_size              = 10
  function_response_types = ["ReportBatchItemFailures"]

  scaling_config {
    maximum_concurrency = var.maximum_concurrency
  }

  # Lambda looks whether it may read the queue.
  depends_on = [aws_iam_role_policy.function_role]
}
