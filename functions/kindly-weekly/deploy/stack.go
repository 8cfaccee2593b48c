package deploy

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/cloudformation"
	"github.com/aws/aws-sdk-go-v2/service/cloudformation/types"
	"github.com/aws/smithy-go"

	"kindlyweekly/functions/about"
	"kindlyweekly/functions/aws/retry"
	"kindlyweekly/functions/kindly-weekly/cli"
	"kindlyweekly/functions/kindly-weekly/deployment"
)

// Stack is a stack of CloudFormation, which may not exist yet. Its region and account are those of
// Host.AWS.
type Stack struct {
	Host   cli.Host // questions go to Ask, progress to Err, what changes to Out
	Source *Source
	Name   string
	Yes    bool // deploy without asking
}

// State is what CloudFormation says about a stack.
type State struct {
	Status Status
	Reason string // CloudFormation's word for the status, and its reason, if it has one

	// Of a stack that is deployed, or is being updated:
	Parameters map[string]string
	Bucket     string           // empty if the stack has no outputs yet
	Deployment about.Deployment // Version is the one that CloudFormation deployed last
}

// Status is how far the deployment of a stack is.
type Status int

// What a stack can be.
const (
	Absent     Status = iota // not created
	Deployed                 // created, or updated, or restored after an update that failed
	InProgress               // CloudFormation is working at it
	Broken                   // not created completely, or not deleted: Deploy begins again
	Stuck                    // an update failed, and so did its rollback: a person must act
)

// State reads the stack. It needs cloudformation:DescribeStacks and cloudformation:GetTemplate.
func (s Stack) State(ctx context.Context) (State, error) {
	client, err := s.client(ctx)
	if err != nil {
		return State{}, err
	}
	stack, err := describeStack(ctx, client, s.Name)
	if err != nil || stack == nil {
		return State{}, err
	}
	state := State{
		Status:     statusOf(stack.StackStatus),
		Reason:     string(stack.StackStatus),
		Parameters: make(map[string]string),
	}
	if reason := aws.ToString(stack.StackStatusReason); reason != "" {
		state.Reason += ": " + reason
	}
	if state.Status == Absent {
		return State{}, nil
	}
	for _, p := range stack.Parameters {
		state.Parameters[aws.ToString(p.ParameterKey)] = aws.ToString(p.ParameterValue)
	}
	state.Bucket, state.Deployment, _ = deployment.OfStack(*stack)
	if state.Status == Deployed {
		text, err := deployedTemplate(ctx, client, s.Name)
		if err != nil {
			return state, err
		}
		if root, err := parseNode(text); err == nil {
			if v := member(root, "Metadata", versionKey); v != nil {
				state.Deployment.Version = v.Value
			}
		}
	}
	return state, nil
}

func statusOf(status types.StackStatus) Status {
	switch status {
	case types.StackStatusReviewInProgress, types.StackStatusDeleteComplete:
		return Absent // a change set was made for it, and not executed
	case types.StackStatusCreateFailed, types.StackStatusRollbackFailed,
		types.StackStatusRollbackComplete, types.StackStatusDeleteFailed:
		return Broken
	case types.StackStatusUpdateRollbackFailed:
		return Stuck
	}
	if strings.HasSuffix(string(status), "_IN_PROGRESS") {
		return InProgress
	}
	return Deployed
}

// Missing returns the parameters that must be given for a deployment in addition to values: those
// without a default that the stack does not have yet, and those that a rule of the template
// requires. A new stack gets a SecretPrefix of its own by default. Missing returns an error if a
// value is not allowed.
func (s Stack) Missing(state State, values map[string]string) ([]Parameter, error) {
	_, missing, err := s.resolve(state, values)
	return missing, err
}

// resolve returns the values that the parameters of the stack get by a deployment with values, and
// those that have none.
func (s Stack) resolve(state State, values map[string]string) (
	resolved map[string]string, missing []Parameter, err error,
) {
	for _, name := range slices.Sorted(maps.Keys(values)) {
		if err := s.Source.Check(name, values[name]); err != nil {
			return nil, nil, err
		}
	}
	resolved = make(map[string]string)
	var without []string
	for _, p := range s.Source.template.parameters {
		value, ok := values[p.Name]
		if !ok {
			value, ok = state.Parameters[p.Name]
		}
		switch {
		case ok:
		case p.Default != nil:
			value = *p.Default
		case p.Name == "SecretPrefix":
			value = secretPrefix(s.Name)
		default:
			without = append(without, p.Name)
		}
		resolved[p.Name] = value
	}
	for _, r := range s.Source.template.rules {
		description, empty := r.broken(resolved)
		if description != "" && len(empty) == 0 {
			return nil, nil, errors.New(description)
		}
		without = append(without, empty...)
	}
	for _, p := range s.Source.template.parameters {
		if slices.Contains(without, p.Name) {
			missing = append(missing, p)
		}
	}
	return resolved, missing, nil
}

// secretPrefix returns the prefix of the secrets of a new stack: kindly-weekly/dev/ for
// kindly-weekly-dev, and the name for others, so that no two stacks share one.
func secretPrefix(stack string) string {
	if rest, ok := strings.CutPrefix(stack, "kindly-weekly-"); ok && rest != "" {
		return "kindly-weekly/" + rest + "/"
	}
	return stack + "/"
}

// NameOf returns the name of the stack of a stage.
func NameOf(stage string) string { return "kindly-weekly-" + stage }

func (s Stack) client(ctx context.Context) (*cloudformation.Client, error) {
	cfg, err := s.config(ctx)
	if err != nil {
		return nil, err
	}
	return cloudformation.NewFromConfig(cfg), nil
}

func (s Stack) config(ctx context.Context) (aws.Config, error) {
	cfg, err := s.Host.AWS(ctx)
	if err != nil {
		return cfg, err
	}
	if cfg.Region == "" {
		return cfg, errors.New("there is no AWS region: " + retry.RemedyNoRegion)
	}
	if _, err := cfg.Credentials.Retrieve(ctx); err != nil {
		return cfg, fmt.Errorf("there are no AWS credentials (%w): %s", err,
			retry.RemedyNoCredentials)
	}
	return cfg, nil
}

// describeStack returns the stack with a name or an ARN, or nil if it does not exist.
func describeStack(ctx context.Context, client *cloudformation.Client, name string) (
	*types.Stack, error,
) {
	out, err := client.DescribeStacks(ctx, &cloudformation.DescribeStacksInput{StackName: &name})
	var refused smithy.APIError
	if errors.As(err, &refused) && refused.ErrorCode() == "ValidationError" &&
		strings.Contains(refused.ErrorMessage(), "does not exist") {
		return nil, nil
	}
	if err != nil {
		return nil, fmt.Errorf("the stack %s cannot be read: %w", name, err)
	}
	if len(out.Stacks) == 0 {
		return nil, nil
	}
	return &out.Stacks[0], nil
}

// deployedTemplate returns the template of a stack as it was given to CloudFormation.
func deployedTemplate(ctx context.Context, client *cloudformation.Client, name string) (
	[]byte, error,
) {
	out, err := client.GetTemplate(ctx, &cloudformation.GetTemplateInput{StackName: &name,
		TemplateStage: types.TemplateStageOriginal})
	if err != nil {
		return nil, fmt.Errorf("the template of %s cannot be read: %w", name, err)
	}
	return []byte(aws.ToString(out.TemplateBody)), nil
}
