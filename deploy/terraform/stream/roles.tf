# Written by deploy/write_templates.py from deploy/tables: change these.

resource "aws_iam_role" "function_role" {
  name_prefix = "${var.name}-"
  assume_role_policy = jsonencode({
    Version = "2012-10-17"
    Statement = [
      {
        Effect = "Allow"
        Principal = {
          Service = "lambda.amazonaws.com"
        }
        Action = "sts:AssumeRole"
      },
    ]
  })
}

resource "aws_iam_role_policy" "function_role" {
  name = "sgflow"
  role = aws_iam_role.function_role.name
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = concat(
      [
        {
          Effect   = "Allow"
          Action   = ["logs:CreateLogStream", "logs:PutLogEvents"]
          Resource = "arn:${data.aws_partition.current.partition}:logs:${data.aws_region.current.region}:${data.aws_caller_identity.current.account_id}:log-group:${aws_cloudwatch_log_group.function_log_group.name}:*"
        },
      ],
      [for one in [
        {
          Effect = "Allow"
          Action = [
            "ec2:DescribeNetworkInterfaces",
            "ec2:DescribeSecurityGroups",
            "ec2:DescribeSecurityGroupRules",
            "ec2:DescribeNetworkAcls",
            "ec2:DescribeSubnets",
          ]
          Resource = "*"
          Condition = {
            StringEquals = {
              "ec2:Region" = local.has_regions ? var.regions : [data.aws_region.current.region]
            }
          }
        },
        {
          Effect   = "Allow"
          Action   = "ec2:GetManagedPrefixListEntries"
          Resource = "arn:${data.aws_partition.current.partition}:ec2:*:*:prefix-list/*"
          Condition = {
            StringEquals = {
              "ec2:Region" = local.has_regions ? var.regions : [data.aws_region.current.region]
            }
          }
        },
      ] : one if local.asks_ec2],
      [for one in [
        {
          Effect   = "Allow"
          Action   = "sts:AssumeRole"
          Resource = replace(var.role_arn, "{account-id}", "*")
        },
      ] : one if local.has_role],
      [for one in [
        {
          Effect   = "Allow"
          Action   = "s3:GetObject"
          Resource = "${aws_s3_bucket.bucket.arn}/inventory/current.json.gz"
        },
        {
          Effect   = "Allow"
          Action   = "s3:ListBucket"
          Resource = aws_s3_bucket.bucket.arn
          Condition = {
            StringEquals = {
              "s3:prefix" = "inventory/current.json.gz"
            }
          }
        },
      ] : one if local.reads_snapshot],
      [for one in [
        {
          Effect   = "Allow"
          Action   = "secretsmanager:GetSecretValue"
          Resource = var.redis_password_secret_arn
        },
      ] : one if local.has_redis_password],
      [for one in [
        {
          Effect   = "Allow"
          Action   = "kms:Decrypt"
          Resource = var.secret_kms_key_arns
          Condition = {
            StringEquals = {
              "kms:ViaService" = [
                "secretsmanager.${data.aws_region.current.region}.${data.aws_partition.current.dns_suffix}",
              ]
            }
          }
        },
      ] : one if local.has_redis_password_key],
      [for one in [
        {
          Effect   = "Allow"
          Action   = "firehose:PutRecordBatch"
          Resource = "arn:${data.aws_partition.current.partition}:firehose:${data.aws_region.current.region}:${data.aws_caller_identity.current.account_id}:deliverystream/${var.name}-flow-logs"
        },
      ] : one if local.reingests],
      [for one in [
        {
          Effect   = "Allow"
          Action   = ["kms:Decrypt", "kms:GenerateDataKey"]
          Resource = var.kms_key_arn
          Condition = {
            StringEquals = {
              "kms:ViaService" = [
                "s3.${data.aws_region.current.region}.${data.aws_partition.current.dns_suffix}",
                "firehose.${data.aws_region.current.region}.${data.aws_partition.current.dns_suffix}",
                "secretsmanager.${data.aws_region.current.region}.${data.aws_partition.current.dns_suffix}",
                "lambda.${data.aws_region.current.region}.${data.aws_partition.current.dns_suffix}",
              ]
            }
          }
        },
      ] : one if local.has_key],
      [for one in [
        {
          Effect = "Allow"
          Action = [
            "ec2:CreateNetworkInterface",
            "ec2:DeleteNetworkInterface",
            "ec2:AssignPrivateIpAddresses",
            "ec2:UnassignPrivateIpAddresses",
            "ec2:DescribeNetworkInterfaces",
            "ec2:DescribeSubnets",
          ]
          Resource = "*"
        },
        {
          Effect = "Deny"
          Action = [
            "ec2:CreateNetworkInterface",
            "ec2:DeleteNetworkInterface",
            "ec2:AssignPrivateIpAddresses",
            "ec2:UnassignPrivateIpAddresses",
          ]
          Resource = "*"
          Condition = {
            ArnLike = {
              "lambda:SourceFunctionArn" = "arn:${data.aws_partition.current.partition}:lambda:${data.aws_region.current.region}:${data.aws_caller_identity.current.account_id}:function:*"
            }
          }
        },
        {
          Effect   = "Deny"
          Action   = ["ec2:DescribeNetworkInterfaces", "ec2:DescribeSubnets"]
          Resource = "*"
          Condition = {
            ArnLike = {
              "lambda:SourceFunctionArn" = "arn:${data.aws_partition.current.partition}:lambda:${data.aws_region.current.region}:${data.aws_caller_identity.current.account_id}:function:*"
            }
            StringNotEquals = {
              "ec2:Region" = local.has_regions ? var.regions : [data.aws_region.current.region]
            }
          }
        },
      ] : one if local.in_vpc],
    )
  })
}

resource "aws_iam_role" "snapshot_role" {
  count       = local.takes_snapshots ? 1 : 0
  name_prefix = "${var.name}-"
  assume_role_policy = jsonencode({
    Version = "2012-10-17"
    Statement = [
      {
        Effect = "Allow"
        Principal = {
          Service = "lambda.amazonaws.com"
        }
        Action = "sts:AssumeRole"
      },
    ]
  })
}

resource "aws_iam_role_policy" "snapshot_role" {
  count = local.takes_snapshots ? 1 : 0
  name  = "sgflow"
  role  = aws_iam_role.snapshot_role[0].name
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = concat(
      [
        {
          Effect   = "Allow"
          Action   = ["logs:CreateLogStream", "logs:PutLogEvents"]
          Resource = "arn:${data.aws_partition.current.partition}:logs:${data.aws_region.current.region}:${data.aws_caller_identity.current.account_id}:log-group:${aws_cloudwatch_log_group.snapshot_log_group[0].name}:*"
        },
        {
          Effect = "Allow"
          Action = ["s3:PutObject", "s3:AbortMultipartUpload"]
          Resource = [
            "${aws_s3_bucket.bucket.arn}/inventory/current.json.gz",
            "${aws_s3_bucket.bucket.arn}/inventory/history/*",
          ]
        },
        {
          Effect   = "Allow"
          Action   = "s3:GetObject"
          Resource = "${aws_s3_bucket.bucket.arn}/inventory/history/*"
        },
        {
          Effect   = "Allow"
          Action   = "s3:ListBucket"
          Resource = aws_s3_bucket.bucket.arn
          Condition = {
            StringEquals = {
              "s3:prefix" = "inventory/history/"
            }
          }
        },
      ],
      [for one in [
        {
          Effect = "Allow"
          Action = [
            "ec2:DescribeNetworkInterfaces",
            "ec2:DescribeSecurityGroups",
            "ec2:DescribeSecurityGroupRules",
            "ec2:DescribeManagedPrefixLists",
            "ec2:DescribeNetworkAcls",
            "ec2:DescribeSubnets",
          ]
          Resource = "*"
          Condition = {
            StringEquals = {
              "ec2:Region" = local.has_regions ? var.regions : [data.aws_region.current.region]
            }
          }
        },
        {
          Effect   = "Allow"
          Action   = "ec2:GetManagedPrefixListEntries"
          Resource = "arn:${data.aws_partition.current.partition}:ec2:*:*:prefix-list/*"
          Condition = {
            StringEquals = {
              "ec2:Region" = local.has_regions ? var.regions : [data.aws_region.current.region]
            }
          }
        },
      ] : one if local.lists_own_account],
      [for one in [
        {
          Effect   = "Allow"
          Action   = "sts:AssumeRole"
          Resource = var.snapshot_role_arns
        },
      ] : one if local.has_snapshot_roles],
      [for one in [
        {
          Effect   = "Allow"
          Action   = "secretsmanager:GetSecretValue"
          Resource = var.redis_password_secret_arn
        },
      ] : one if local.has_redis_password],
      [for one in [
        {
          Effect   = "Allow"
          Action   = "kms:Decrypt"
          Resource = var.secret_kms_key_arns
          Condition = {
            StringEquals = {
              "kms:ViaService" = [
                "secretsmanager.${data.aws_region.current.region}.${data.aws_partition.current.dns_suffix}",
              ]
            }
          }
        },
      ] : one if local.has_redis_password_key],
      [for one in [
        {
          Effect   = "Allow"
          Action   = ["kms:Decrypt", "kms:GenerateDataKey"]
          Resource = var.kms_key_arn
          Condition = {
            StringEquals = {
              "kms:ViaService" = [
                "s3.${data.aws_region.current.region}.${data.aws_partition.current.dns_suffix}",
                "secretsmanager.${data.aws_region.current.region}.${data.aws_partition.current.dns_suffix}",
                "lambda.${data.aws_region.current.region}.${data.aws_partition.current.dns_suffix}",
              ]
            }
          }
        },
      ] : one if local.has_key],
      [for one in [
        {
          Effect = "Allow"
          Action = [
            "ec2:CreateNetworkInterface",
            "ec2:DeleteNetworkInterface",
            "ec2:AssignPrivateIpAddresses",
            "ec2:UnassignPrivateIpAddresses",
            "ec2:DescribeNetworkInterfaces",
            "ec2:DescribeSubnets",
          ]
          Resource = "*"
        },
        {
          Effect = "Deny"
          Action = [
            "ec2:CreateNetworkInterface",
            "ec2:DeleteNetworkInterface",
            "ec2:AssignPrivateIpAddresses",
            "ec2:UnassignPrivateIpAddresses",
          ]
          Resource = "*"
          Condition = {
            ArnLike = {
              "lambda:SourceFunctionArn" = "arn:${data.aws_partition.current.partition}:lambda:${data.aws_region.current.region}:${data.aws_caller_identity.current.account_id}:function:*"
            }
          }
        },
        {
          Effect   = "Deny"
          Action   = ["ec2:DescribeNetworkInterfaces", "ec2:DescribeSubnets"]
          Resource = "*"
          Condition = {
            ArnLike = {
              "lambda:SourceFunctionArn" = "arn:${data.aws_partition.current.partition}:lambda:${data.aws_region.current.region}:${data.aws_caller_identity.current.account_id}:function:*"
            }
            StringNotEquals = {
              "ec2:Region" = local.has_regions ? var.regions : [data.aws_region.current.region]
            }
          }
        },
      ] : one if local.in_vpc],
    )
  })
}

resource "aws_iam_role" "stream_role" {
  name_prefix = "${var.name}-"
  assume_role_policy = jsonencode({
    Version = "2012-10-17"
    Statement = [
      {
        Effect = "Allow"
        Principal = {
          Service = "firehose.amazonaws.com"
        }
        Action = "sts:AssumeRole"
        Condition = {
          StringEquals = {
            "sts:ExternalId" = data.aws_caller_identity.current.account_id
          }
        }
      },
    ]
  })
}

resource "aws_iam_role_policy" "stream_role" {
  name = "sgflow"
  role = aws_iam_role.stream_role.name
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = concat(
      [
        {
          Effect   = "Allow"
          Action   = ["s3:GetBucketLocation", "s3:ListBucket", "s3:ListBucketMultipartUploads"]
          Resource = aws_s3_bucket.bucket.arn
        },
        {
          Effect = "Allow"
          Action = ["s3:AbortMultipartUpload", "s3:GetObject", "s3:PutObject"]
          Resource = [
            "${aws_s3_bucket.bucket.arn}/records/*",
            "${aws_s3_bucket.bucket.arn}/errors/*",
          ]
        },
        {
          Effect = "Allow"
          Action = "logs:PutLogEvents"
          Resource = [
            "arn:${data.aws_partition.current.partition}:logs:${data.aws_region.current.region}:${data.aws_caller_identity.current.account_id}:log-group:${aws_cloudwatch_log_group.stream_log_group.name}:log-stream:${aws_cloudwatch_log_stream.delivery_log_stream.name}",
            "arn:${data.aws_partition.current.partition}:logs:${data.aws_region.current.region}:${data.aws_caller_identity.current.account_id}:log-group:${aws_cloudwatch_log_group.stream_log_group.name}:log-stream:${aws_cloudwatch_log_stream.backup_log_stream.name}",
          ]
        },
        {
          Effect   = "Allow"
          Action   = ["lambda:InvokeFunction", "lambda:GetFunctionConfiguration"]
          Resource = [aws_lambda_function.function.arn, "${aws_lambda_function.function.arn}:*"]
        },
      ],
      [for one in [
        {
          Effect   = "Allow"
          Action   = "secretsmanager:GetSecretValue"
          Resource = var.endpoint_secret_arn
        },
      ] : one if local.to_endpoint],
      [for one in [
        {
          Effect   = "Allow"
          Action   = "kms:Decrypt"
          Resource = var.secret_kms_key_arns
          Condition = {
            StringEquals = {
              "kms:ViaService" = [
                "secretsmanager.${data.aws_region.current.region}.${data.aws_partition.current.dns_suffix}",
              ]
            }
          }
        },
      ] : one if local.has_endpoint_key],
      [for one in [
        {
          Effect   = "Allow"
          Action   = ["kms:Decrypt", "kms:GenerateDataKey"]
          Resource = var.kms_key_arn
          Condition = {
            StringEquals = {
              "kms:ViaService" = [
                "s3.${data.aws_region.current.region}.${data.aws_partition.current.dns_suffix}",
                "firehose.${data.aws_region.current.region}.${data.aws_partition.current.dns_suffix}",
                "secretsmanager.${data.aws_region.current.region}.${data.aws_partition.current.dns_suffix}",
              ]
            }
          }
        },
      ] : one if local.has_key],
    )
  })
}

resource "aws_iam_role" "snapshot_trigger_role" {
  count       = local.takes_snapshots ? 1 : 0
  name_prefix = "${var.name}-"
  assume_role_policy = jsonencode({
    Version = "2012-10-17"
    Statement = [
      {
        Effect = "Allow"
        Principal = {
          Service = "scheduler.amazonaws.com"
        }
        Action = "sts:AssumeRole"
        Condition = {
          StringEquals = {
            "aws:SourceAccount" = data.aws_caller_identity.current.account_id
          }
        }
      },
    ]
  })
}

resource "aws_iam_role_policy" "snapshot_trigger_role" {
  count = local.takes_snapshots ? 1 : 0
  name  = "sgflow"
  role  = aws_iam_role.snapshot_trigger_role[0].name
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [
      {
        Effect   = "Allow"
        Action   = "lambda:InvokeFunction"
        Resource = aws_lambda_function.snapshot_function[0].arn
      },
    ]
  })
}

resource "aws_s3_bucket_policy" "bucket_policy" {
  bucket = aws_s3_bucket.bucket.bucket
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [
      {
        Sid       = "TlsOnly"
        Effect    = "Deny"
        Principal = "*"
        Action    = "s3:*"
        Resource  = [aws_s3_bucket.bucket.arn, "${aws_s3_bucket.bucket.arn}/*"]
        Condition = {
          Bool = {
            "aws:SecureTransport" = "false"
          }
        }
      },
    ]
  })
}
