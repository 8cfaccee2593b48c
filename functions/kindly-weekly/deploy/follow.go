package deploy

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/cloudformation"
	"github.com/aws/aws-sdk-go-v2/service/cloudformation/types"
)

// pause is how long Deploy waits between two looks at what CloudFormation is doing.
const pause = 3 * time.Second

// wait returns after a pause, or earlier with an error if ctx ends.
func wait(ctx context.Context) error {
	timer := time.NewTimer(pause)
	defer timer.Stop()
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-timer.C:
		return nil
	}
}

// newest returns the ID of the newest event of a stack, or an empty string if it has none.
func newest(ctx context.Context, client *cloudformation.Client, id string) (string, error) {
	out, err := client.DescribeStackEvents(ctx,
		&cloudformation.DescribeStackEventsInput{StackName: &id})
	if err != nil {
		return "", eventsError(err)
	}
	if len(out.StackEvents) == 0 {
		return "", nil
	}
	return aws.ToString(out.StackEvents[0].EventId), nil
}

// eventsSince returns the events of a stack after the one with an ID, oldest first.
func eventsSince(ctx context.Context, client *cloudformation.Client, id, last string) (
	[]types.StackEvent, error,
) {
	var events []types.StackEvent
	pages := cloudformation.NewDescribeStackEventsPaginator(client,
		&cloudformation.DescribeStackEventsInput{StackName: &id})
read:
	for pages.HasMorePages() {
		page, err := pages.NextPage(ctx)
		if err != nil {
			return nil, eventsError(err)
		}
		for _, e := range page.StackEvents {
			if aws.ToString(e.EventId) == last {
				break read
			}
			events = append(events, e)
		}
	}
	slices.Reverse(events)
	return events, nil
}

func eventsError(err error) error {
	return fmt.Errorf("the events of the stack cannot be read: %w", err)
}

// follow waits until CloudFormation has done what it is doing at the stack with an ARN. It prints
// what happens after the event last. begun says that the stack has been seen in progress;
// otherwise follow waits for an event of the stack, for a minute at most, since the status may be
// the former one. total is the number of resources that change, or 0. follow returns the stack, or
// nil if it was deleted, and the events of what failed.
func (s Stack) follow(
	ctx context.Context, client *cloudformation.Client, id, last string, begun bool, total int,
) (stack *types.Stack, failed []types.StackEvent, err error) {
	bar := s.Host.Bar(s.Name)
	defer bar.Done()
	done := 0
	for looks := 0; ; looks++ {
		if stack, err = describeStack(ctx, client, id); err != nil || stack == nil {
			return nil, failed, err
		}
		events, err := eventsSince(ctx, client, id, last)
		if err != nil {
			return nil, failed, err
		}
		for _, e := range events {
			last = aws.ToString(e.EventId)
			begun = begun || aws.ToString(e.PhysicalResourceId) == id
			switch ended := endOf(e, id); {
			case ended == "failed":
				failed = append(failed, e)
			case ended != "":
				done++
				bar.Update(done, max(done, total))
				if !s.Host.Terminal {
					fmt.Fprintf(s.Host.Err, "  %s %s\n", ended, aws.ToString(e.LogicalResourceId))
				}
			}
		}
		if (begun || looks >= 20) && statusOf(stack.StackStatus) != InProgress {
			return stack, failed, nil
		}
		if err := wait(ctx); err != nil {
			return nil, failed, err
		}
	}
}

// endOf returns what an event says about a resource: created, updated, deleted, kept, or failed. It
// returns nothing for an event about the stack itself, and for one after which more will come.
func endOf(e types.StackEvent, stack string) string {
	if aws.ToString(e.PhysicalResourceId) == stack {
		return ""
	}
	switch e.ResourceStatus {
	case types.ResourceStatusCreateComplete:
		return "created"
	case types.ResourceStatusUpdateComplete:
		return "updated"
	case types.ResourceStatusDeleteComplete:
		return "deleted"
	case types.ResourceStatusDeleteSkipped:
		return "kept"
	}
	if strings.HasSuffix(string(e.ResourceStatus), "_FAILED") {
		return "failed"
	}
	return ""
}

// explain prints what failed, in the order of time. It leaves out what CloudFormation cancelled
// because of another failure.
func (s Stack) explain(failed []types.StackEvent) {
	for _, e := range failed {
		reason := aws.ToString(e.ResourceStatusReason)
		if strings.Contains(strings.ToLower(reason), "cancelled") {
			continue
		}
		fmt.Fprintf(s.Host.Err, "failed: %s (%s): %s\n", aws.ToString(e.LogicalResourceId),
			aws.ToString(e.ResourceType), reason)
	}
}

// ended returns an error that says what to do about a deployment that ended with a status.
func (s Stack) ended(status types.StackStatus) error {
	switch statusOf(status) {
	case Broken:
		return fmt.Errorf("the stack %s was not created (%s): correct the cause and deploy again; "+
			"what is left of it is deleted then", s.Name, status)
	case Stuck:
		return s.stuck(status)
	case Absent:
		return fmt.Errorf("the stack %s was deleted meanwhile", s.Name)
	}
	if strings.Contains(string(status), "ROLLBACK") || strings.HasSuffix(string(status), "_FAILED") {
		return fmt.Errorf("the stack %s was not updated (%s): it is as it was before; correct the "+
			"cause and deploy again", s.Name, status)
	}
	return nil
}

func (s Stack) stuck(status types.StackStatus) error {
	return fmt.Errorf("the stack %s is %s: its events say why; correct the cause, then run aws "+
		"cloudformation continue-update-rollback --stack-name %[1]s", s.Name, status)
}

// errDeclined is the error if the answer to a question is no.
var errDeclined = errors.New("nothing was deployed")
