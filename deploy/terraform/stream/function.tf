resource "aws_cloudwatch_log_group" "function_log_group" {
  name_prefix       = "${var.name}-function-"
  retention_in_days = var.log_retention_days
  kms_key_id        = local.has_key ? var.kms_key_arn : null
}

resource "aws_lambda_function" "function" {
  function_name = "${var.name}-stream"
  description   = "Enriches the stream's flow-log records"
  role          = aws_iam_role.function_role.arn
  runtime       = "provided.al2023"
  handler       = "bootstrap"
  architectures = [var.architecture]
  s3_bucket     = var.code_bucket
  s3_key        = var.code_key
  memory_size   = var.memory_size
  timeout       = var.timeout
  kms_key_arn   = local.has_key ? var.kms_key_arn : null

  reserved_concurrent_executions = local.has_reserved_concurrency ? tonumber(var.reserved_concurrency) : null

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
      SGFLOW_INVENTORY             = local.is_live ? "live" : local.uses_redis ? var.redis_url : "s3://${aws_s3_bucket.bucket.bucket}/inventory/current.json.gz"
      SGFLOW_REDIS_PASSWORD_SECRET = var.redis_password_secret_arn
      SGFLOW_ROLE_ARN              = var.role_arn
      SGFLOW_FORMAT                = var.format
      SGFLOW_FIELDS                = var.fields
      SGFLOW_RECORD_FORMAT         = var.log_format
      SGFLOW_PACKING               = var.packing
      SGFLOW_PARTITION_KEYS        = local.partitions[var.partitioning].keys
      SGFLOW_REINGEST              = local.reingests ? "${var.name}-flow-logs" : ""
    }
  }

  # Lambda looks at what the role may do when it places the function.
  depends_on = [aws_iam_role_policy.function_role, terraform_data.rules]
}
