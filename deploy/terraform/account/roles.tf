# Written by deploy/write_templates.py from deploy/tables: change these.

resource "aws_iam_role" "reader_role" {
  count = local.has_reader ? 1 : 0
  name  = var.reader_role_name
  assume_role_policy = jsonencode({
    Version = "2012-10-17"
    Statement = [
      {
        Effect = "Allow"
        Principal = {
          AWS = var.function_role_arns
        }
        Action = "sts:AssumeRole"
      },
    ]
  })
}

resource "aws_iam_role_policy" "reader_role" {
  count = local.has_reader ? 1 : 0
  name  = "sgflow"
  role  = aws_iam_role.reader_role[0].name
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [
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
    ]
  })
}

resource "aws_iam_role" "sender_role" {
  count = local.has_flow_log ? 1 : 0
  name  = var.sender_role_name
  assume_role_policy = jsonencode({
    Version = "2012-10-17"
    Statement = [
      {
        Effect = "Allow"
        Principal = {
          Service = "delivery.logs.amazonaws.com"
        }
        Action = "sts:AssumeRole"
      },
    ]
  })
}

resource "aws_iam_role_policy" "sender_role" {
  count = local.has_flow_log ? 1 : 0
  name  = "sgflow"
  role  = aws_iam_role.sender_role[0].name
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [
      {
        Effect = "Allow"
        Action = [
          "logs:CreateLogDelivery",
          "logs:DeleteLogDelivery",
          "logs:ListLogDeliveries",
          "logs:GetLogDelivery",
        ]
        Resource = "*"
      },
      {
        Effect   = "Allow"
        Action   = "sts:AssumeRole"
        Resource = "arn:${data.aws_partition.current.partition}:iam::${var.receiver_account_id}:role/AWSLogDeliveryFirehoseCrossAccountRole"
      },
      {
        Effect   = "Allow"
        Action   = "iam:PassRole"
        Resource = "arn:${data.aws_partition.current.partition}:iam::${data.aws_caller_identity.current.account_id}:role/${var.sender_role_name}"
        Condition = {
          StringEquals = {
            "iam:PassedToService" = "delivery.logs.amazonaws.com"
          }
          StringLike = {
            "iam:AssociatedResourceARN" = "arn:${data.aws_partition.current.partition}:ec2:${data.aws_region.current.region}:${data.aws_caller_identity.current.account_id}:*/${var.flow_log_resource_id}"
          }
        }
      },
    ]
  })
}
