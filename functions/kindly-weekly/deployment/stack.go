package deployment

import (
	"context"
	"errors"
	"fmt"
	"strconv"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/cloudformation"
	"github.com/aws/aws-sdk-go-v2/service/cloudformation/types"
	"github.com/aws/smithy-go"

	"kindlyweekly/functions/about"
	"kindlyweekly/functions/aws/retry"
	"kindlyweekly/functions/kindly-weekly/cli"
)

// readStack returns the bucket of a stack, and what the stack's parameters and outputs say of the
// deployment. It needs cloudformation:DescribeStacks.
func readStack(ctx context.Context, h cli.Host, name string) (
	bucket string, d about.Deployment, err error,
) {
	cfg, err := h.AWS(ctx)
	if err != nil {
		return "", d, err
	}
	out, err := cloudformation.NewFromConfig(cfg).DescribeStacks(ctx,
		&cloudformation.DescribeStacksInput{StackName: &name})
	if err != nil {
		return "", d, stackError(name, err)
	}
	for _, stack := range out.Stacks {
		if bucket, d, ok := OfStack(stack); ok {
			return bucket, d, nil
		}
	}
	return "", d, fmt.Errorf("the stack %s is not one of kindly-weekly, or its deployment has not "+
		"ended: it lacks BucketName or CatchUpHours", name)
}

// stackError says why a stack cannot be read, and what to do.
func stackError(name string, err error) error {
	remedy := retry.Remedy(err)
	var refusal smithy.APIError
	if errors.As(err, &refusal) {
		switch refusal.ErrorCode() {
		case "AccessDenied", "AccessDeniedException":
			remedy = "allow cloudformation:DescribeStacks, or name the bucket with --bucket"
		case "ValidationError":
			remedy = "is this its name, and is AWS_REGION its region?"
		}
	}
	return fmt.Errorf("the stack %s cannot be read (%s): %s", name, retry.Reason(err), remedy)
}

// findStack returns what the stack that has the bucket says of the deployment. It returns false if
// no stack of the region has it.
func findStack(ctx context.Context, h cli.Host, bucket string) (d about.Deployment, ok bool) {
	cfg, err := h.AWS(ctx)
	if err != nil {
		return d, false
	}
	pages := cloudformation.NewDescribeStacksPaginator(cloudformation.NewFromConfig(cfg),
		&cloudformation.DescribeStacksInput{})
	for pages.HasMorePages() {
		page, err := pages.NextPage(ctx)
		if err != nil {
			return d, false
		}
		for _, stack := range page.Stacks {
			if its, d, ok := OfStack(stack); ok && its == bucket {
				return d, true
			}
		}
	}
	return d, false
}

// OfStack returns what a stack's parameters and outputs say of its deployment, and its bucket. They
// do not have the version. OfStack returns false for a stack that is not one of kindly-weekly, and
// for one whose resources do not exist yet.
func OfStack(stack types.Stack) (bucket string, d about.Deployment, ok bool) {
	values := make(map[string]string)
	for _, p := range stack.Parameters {
		values[aws.ToString(p.ParameterKey)] = aws.ToString(p.ParameterValue)
	}
	for _, o := range stack.Outputs {
		values[aws.ToString(o.OutputKey)] = aws.ToString(o.OutputValue)
	}
	hours, err := strconv.Atoi(values["CatchUpHours"])
	stage := about.Stage(values["Stage"])
	return values["BucketName"], about.Deployment{
		Schema: 1, Stack: aws.ToString(stack.StackName), Stage: stage,
		DivertTo: values["DivertTo"], SecretPrefix: values["SecretPrefix"],
		ConfigurationSet: values["MailConfigurationSet"], AlarmTopic: values["AlarmTopic"],
		SlashURL: values["SlashUrl"], CatchUpHours: hours,
	}, err == nil && values["BucketName"] != "" && (stage == about.Dev || stage == about.Prod)
}
