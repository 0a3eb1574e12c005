"""What both CloudFormation and Terraform are told: permissions, alarms, the dashboard."""
