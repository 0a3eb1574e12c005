# Written by deploy/write_templates.py from deploy/tables: change these.

resource "aws_iam_role" "receiver_role" {
  name = "AWSLogDeliveryFirehoseCrossAccountRole"
  assume_role_policy = jsonencode({
    Version = "2012-10-17"
    Statement = [
      {
        Effect = "Allow"
        Principal = {
          AWS = var.sender_account_ids
        }
        Action = "sts:AssumeRole"
        Condition = {
          ArnLike = {
            "aws:PrincipalArn" = "arn:${data.aws_partition.current.partition}:iam::*:role/${var.sender_role_name}"
          }
        }
      },
    ]
  })
}

resource "aws_iam_role_policy" "receiver_role" {
  name = "sgflow"
  role = aws_iam_role.receiver_role.name
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [
      {
        Effect   = "Allow"
        Action   = "iam:CreateServiceLinkedRole"
        Resource = "arn:${data.aws_partition.current.partition}:iam::${data.aws_caller_identity.current.account_id}:role/aws-service-role/delivery.logs.amazonaws.com/AWSServiceRoleForLogDelivery"
      },
      {
        Effect   = "Allow"
        Action   = "firehose:TagDeliveryStream"
        Resource = var.stream_arns
      },
    ]
  })
}
