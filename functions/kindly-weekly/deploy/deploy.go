// Package deploy deploys a stack from the source: it builds the functions, uploads them, and has
// CloudFormation create or update the stack. It needs Go, make and AWS credentials, and neither SAM
// nor the AWS CLI.
//
// [OpenSource] finds the clone that the command is run in. [Stack.State] reads what there is.
// [Stack.Missing] says which parameters must still be given. [Stack.Preview] prints what a
// deployment would do, and [Stack.Deploy] does it. [Stack.Set] changes parameters alone. [Command]
// is the command made of them.
//
// # What is stored where
//
// The settings of a deployment are the parameters of its stack. A deployment is given only those
// that change; the others keep their values. No file on this machine is needed for an upgrade.
//
// Programs and templates are in the bucket kindly-weekly-artifacts-<account>-<region>, each under
// the hash of what it is. A program that is there already is not uploaded again. No object expires:
// a stack whose update fails returns to the programs that it had before, which may be as old as
// their last change. A version is about 20 MB, or half a cent a month for ten.
//
// Nothing else is remembered. A run that was interrupted is run again: it waits for what
// CloudFormation is still doing, and continues from there.
package deploy

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/cloudformation"
	"github.com/aws/aws-sdk-go-v2/service/cloudformation/types"

	"kindlyweekly/functions/kindly-weekly/cli"
	"kindlyweekly/functions/kindly-weekly/deployment"
)

// Preview prints what Deploy would do, as far as it can be read. It builds the functions, and
// changes nothing in AWS: it makes no change set either, so it does not know what CloudFormation
// replaces.
func (s Stack) Preview(ctx context.Context, values map[string]string) error {
	state, err := s.State(ctx)
	if err != nil {
		return err
	}
	p, err := s.plan(ctx, state, values)
	if err != nil {
		return err
	}
	client, err := s.client(ctx)
	if err != nil {
		return err
	}
	out := s.Host.Out
	switch state.Status {
	case InProgress:
		fmt.Fprintf(out, "%s is %s: a deployment would wait\n", s.Name, state.Reason)
	case Stuck:
		return s.stuck(types.StackStatus(state.Reason))
	case Broken:
		fmt.Fprintf(out, "%s is %s: a deployment would delete it first\n", s.Name, state.Reason)
	}
	var before []byte
	if state.Status == Deployed || state.Status == InProgress {
		if before, err = deployedTemplate(ctx, client, s.Name); err != nil {
			return err
		}
	}
	if before != nil && !bytes.Contains(before, []byte(versionKey)) {
		s.announce(state, p)
		fmt.Fprintln(out, "  the stack was deployed by another tool, so what changes is not known here")
		return nil
	}
	var changed []string
	for name, value := range p.resolved {
		if was, had := state.Parameters[name]; had && was != value {
			changed = append(changed, name)
		}
	}
	changes, err := compare(before, p.template, changed)
	if err != nil {
		return err
	}
	if before != nil && len(changes) == 0 && maps.Equal(state.Parameters, p.resolved) {
		fmt.Fprintf(out, "%s is up to date: nothing would change\n", s.Name)
		return nil
	}
	s.announce(state, p)
	return printChanges(out, changes, before == nil)
}

// Deploy creates the stack, or updates it with what has changed in the source and with values, and
// returns what it is then. Parameters that are not in values keep their values. Deploy prints what
// changes and asks, unless Yes; without a terminal it returns an error without Yes. If nothing
// changes, it says so and returns. If CloudFormation is working at the stack, Deploy waits first.
// It deletes a stack that was not created completely, after asking, and creates it again with the
// same parameters.
//
// If the deployment fails, CloudFormation restores what there was before. Deploy prints which
// resources failed and why, and returns an error.
func (s Stack) Deploy(ctx context.Context, values map[string]string) (State, error) {
	if s.Host.Ask == nil && !s.Yes {
		return State{}, confirm(s.Host, s.Yes, "")
	}
	client, err := s.client(ctx)
	if err != nil {
		return State{}, err
	}
	state, err := s.settle(ctx, client)
	if err != nil {
		return state, err
	}
	p, err := s.plan(ctx, state, values)
	if err != nil {
		return state, err
	}
	if state.Status == Broken {
		if err := s.delete(ctx, client, state); err != nil {
			return state, err
		}
		state = State{}
	}
	if err := s.upload(ctx, p); err != nil {
		return state, err
	}
	return s.apply(ctx, client, state, p)
}

// Set gives parameters of a stack new values, and leaves its programs and its template as they are.
// It prints and asks as Deploy does. It returns an error for a parameter that the stack does not
// have, as one that a later template has.
func (s Stack) Set(ctx context.Context, values map[string]string) (State, error) {
	client, err := s.client(ctx)
	if err != nil {
		return State{}, err
	}
	state, err := s.settle(ctx, client)
	if err != nil {
		return state, err
	}
	if state.Status != Deployed {
		return state, fmt.Errorf("%s is not deployed: %s", s.Name, state.Reason)
	}
	cfg, err := s.config(ctx)
	if err != nil {
		return state, err
	}
	for _, name := range slices.Sorted(maps.Keys(values)) {
		if err := s.Source.Check(name, values[name]); err != nil {
			return state, err
		}
		if _, has := state.Parameters[name]; !has {
			return state, fmt.Errorf("%s has no parameter %s yet: deploy it first", s.Name, name)
		}
	}
	p := plan{resolved: maps.Clone(state.Parameters)}
	if p.artifacts, err = artifacts(ctx, cfg); err != nil {
		return state, err
	}
	for _, name := range slices.Sorted(maps.Keys(state.Parameters)) {
		input := types.Parameter{ParameterKey: &name, UsePreviousValue: aws.Bool(true)}
		if value, ok := values[name]; ok {
			input = types.Parameter{ParameterKey: &name, ParameterValue: &value}
			p.resolved[name] = value
		}
		p.inputs = append(p.inputs, input)
	}
	return s.apply(ctx, client, state, p)
}

// apply makes a change set of the plan, asks, executes it and follows it.
func (s Stack) apply(ctx context.Context, client *cloudformation.Client, state State, p plan) (
	State, error,
) {
	set, err := s.changeSet(ctx, client, state, p)
	if err != nil {
		return state, err
	}
	if set == nil {
		fmt.Fprintf(s.Host.Out, "%s is up to date: nothing changes\n", s.Name)
		return state, nil
	}
	s.announce(state, p)
	if err := printChanges(s.Host.Out, set.changes, state.Status == Absent); err != nil {
		return state, err
	}
	if err := confirm(s.Host, s.Yes, "Deploy?"); err != nil {
		// The answer may be an end of the program, whose ctx has ended.
		return state, errors.Join(err, s.discard(context.WithoutCancel(ctx), client, state, set))
	}
	last, err := newest(ctx, client, set.stack)
	if err != nil {
		return state, err
	}
	if _, err := client.ExecuteChangeSet(ctx, &cloudformation.ExecuteChangeSetInput{
		ChangeSetName: &set.id, StackName: &set.stack}); err != nil {
		return state, fmt.Errorf("the deployment was not started: %w", err)
	}
	fmt.Fprintln(s.Host.Err, "deploying; if this is interrupted, CloudFormation continues")
	stack, failed, err := s.follow(ctx, client, set.stack, last, false, len(set.changes))
	if err != nil {
		return state, err
	}
	ended := types.StackStatusDeleteComplete
	if stack != nil {
		ended = stack.StackStatus
	}
	if err := s.ended(ended); err != nil {
		s.explain(failed)
		return state, err
	}
	subscribed := ""
	if state.Status != Absent {
		subscribed = state.Parameters["AlarmEmail"]
	}
	if state, err = s.State(ctx); err != nil {
		return state, err
	}
	fmt.Fprintf(s.Host.Out, "%s is deployed\n", s.Name)
	if to := state.Parameters["AlarmEmail"]; to != subscribed {
		fmt.Fprintf(s.Host.Out, "AWS has sent a mail to %s: follow its link, or you get no alarms\n",
			to)
	}
	return state, nil
}

// A plan is what a deployment gives to CloudFormation.
type plan struct {
	artifacts bucket
	programs  map[string][]byte // by their keys in the bucket
	template  []byte            // nil: the one that the stack has
	resolved  map[string]string // parameters
	inputs    []types.Parameter
}

// plan builds the functions and resolves the parameters.
func (s Stack) plan(ctx context.Context, state State, values map[string]string) (plan, error) {
	resolved, missing, err := s.resolve(state, values)
	if err != nil {
		return plan{}, err
	}
	if len(missing) > 0 {
		return plan{}, missingError(missing)
	}
	if state.Status == Broken || resolved["SecretPrefix"] != state.Parameters["SecretPrefix"] {
		if err := s.checkPrefix(ctx, resolved["SecretPrefix"]); err != nil {
			return plan{}, err
		}
	}
	p := plan{resolved: resolved, programs: make(map[string][]byte)}
	cfg, err := s.config(ctx)
	if err != nil {
		return p, err
	}
	if p.artifacts, err = artifacts(ctx, cfg); err != nil {
		return p, err
	}
	keys := make(map[string]string)
	for _, function := range s.Source.template.functions {
		fmt.Fprintf(s.Host.Err, "building %s\n", function)
		program, err := s.Source.build(ctx, s.Host, function)
		if err != nil {
			return p, err
		}
		key := programKey(function, program)
		keys[function], p.programs[key] = key, program
	}
	p.template, err = s.Source.template.packaged(p.artifacts.name, keys, s.Source.Version)
	if err != nil {
		return p, err
	}
	for _, parameter := range s.Source.template.parameters {
		name := parameter.Name
		_, given := values[name]
		value := resolved[name]
		_, has := state.Parameters[name]
		switch {
		case given, has && state.Status == Broken: // which is deleted, so it has no previous values
		case has:
			p.inputs = append(p.inputs, types.Parameter{ParameterKey: &name,
				UsePreviousValue: aws.Bool(true)})
			continue
		case parameter.Default != nil:
			continue
		}
		p.inputs = append(p.inputs, types.Parameter{ParameterKey: &name, ParameterValue: &value})
	}
	return p, nil
}

// checkPrefix returns an error if the stack with this new SecretPrefix and another stack of the
// region could read secrets of each other. It returns nil if the credentials may not list stacks.
func (s Stack) checkPrefix(ctx context.Context, prefix string) error {
	client, err := s.client(ctx)
	if err != nil {
		return err
	}
	pages := cloudformation.NewDescribeStacksPaginator(client, &cloudformation.DescribeStacksInput{})
	for pages.HasMorePages() {
		page, err := pages.NextPage(ctx)
		if code := codeOf(err); code == "AccessDenied" || code == "AccessDeniedException" {
			return nil
		}
		if err != nil {
			return fmt.Errorf("the stacks cannot be listed: %w", err)
		}
		for _, other := range page.Stacks {
			_, d, ok := deployment.OfStack(other)
			if !ok || d.Stack == s.Name {
				continue
			}
			if strings.HasPrefix(prefix, d.SecretPrefix) || strings.HasPrefix(d.SecretPrefix, prefix) {
				return fmt.Errorf("SecretPrefix=%s: the stack %s has the secrets in %s, and one of the "+
					"two would read those of the other: set another SecretPrefix", prefix, d.Stack,
					d.SecretPrefix)
			}
		}
	}
	return nil
}

// missingError returns an error that lists the parameters.
func missingError(missing []Parameter) error {
	var list strings.Builder
	for _, p := range missing {
		fmt.Fprintf(&list, "\n  --set %s=...  %s", p.Name, p.Description)
	}
	return cli.Usagef("these parameters are missing:%s", list.String())
}

// announce prints which stack is deployed, from where, and the parameters that change.
func (s Stack) announce(state State, p plan) {
	verb, before := "create", map[string]string(nil)
	if state.Status == Deployed || state.Status == InProgress {
		verb, before = "update", state.Parameters
	}
	fmt.Fprintf(s.Host.Out, "%s %s in %s, account %s", verb, s.Name, p.artifacts.region,
		p.artifacts.account)
	switch was, is := state.Deployment.Version, s.Source.Version; {
	case p.template == nil:
	case was != "" && is != "" && was != is:
		fmt.Fprintf(s.Host.Out, ", version %s, was %s", is, was)
	case is != "":
		fmt.Fprintf(s.Host.Out, ", version %s", is)
	}
	fmt.Fprintln(s.Host.Out)
	printParameters(s.Host.Out, before, p.resolved)
}

// settle returns the state of the stack after CloudFormation has done what it is doing.
func (s Stack) settle(ctx context.Context, client *cloudformation.Client) (State, error) {
	state, err := s.State(ctx)
	if err != nil {
		return state, err
	}
	if state.Status == InProgress {
		fmt.Fprintf(s.Host.Err, "%s is %s: waiting\n", s.Name, state.Reason)
		stack, err := describeStack(ctx, client, s.Name)
		if err != nil || stack == nil {
			return State{}, err
		}
		last, err := newest(ctx, client, aws.ToString(stack.StackId))
		if err != nil {
			return state, err
		}
		_, failed, err := s.follow(ctx, client, aws.ToString(stack.StackId), last, true, 0)
		if err != nil {
			return state, err
		}
		s.explain(failed)
		if state, err = s.State(ctx); err != nil {
			return state, err
		}
	}
	if state.Status == Stuck {
		return state, s.stuck(types.StackStatus(state.Reason))
	}
	return state, nil
}

// delete deletes what is left of a stack that was not created completely.
func (s Stack) delete(ctx context.Context, client *cloudformation.Client, state State) error {
	fmt.Fprintf(s.Host.Out, "%s was not created completely: %s\n", s.Name, state.Reason)
	if err := confirm(s.Host, s.Yes, "Delete what is left of it, and create it again?"); err != nil {
		return err
	}
	stack, err := describeStack(ctx, client, s.Name)
	if err != nil || stack == nil {
		return err
	}
	id := aws.ToString(stack.StackId)
	last, err := newest(ctx, client, id)
	if err != nil {
		return err
	}
	_, err = client.DeleteStack(ctx, &cloudformation.DeleteStackInput{StackName: &id})
	if err != nil {
		return fmt.Errorf("the stack %s was not deleted: %w", s.Name, err)
	}
	stack, failed, err := s.follow(ctx, client, id, last, false, 0)
	if err != nil {
		return err
	}
	if stack != nil && stack.StackStatus != types.StackStatusDeleteComplete {
		s.explain(failed)
		return fmt.Errorf("the stack %s was not deleted (%s): correct the cause, then deploy again",
			s.Name, stack.StackStatus)
	}
	return nil
}

// upload puts what CloudFormation reads into the bucket, unless it is there.
func (s Stack) upload(ctx context.Context, p plan) error {
	if err := p.artifacts.create(ctx); err != nil {
		return err
	}
	for _, key := range slices.Sorted(maps.Keys(p.programs)) {
		if p.artifacts.has(ctx, key) {
			continue
		}
		zipped, err := archive(p.programs[key])
		if err != nil {
			return err
		}
		fmt.Fprintf(s.Host.Err, "uploading %s, %.1f MB\n", key, float64(len(zipped))/1e6)
		if err := p.artifacts.put(ctx, key, zipped); err != nil {
			return err
		}
	}
	return p.artifacts.put(ctx, templateKey(p.template), p.template)
}

// A changeSet is one that CloudFormation has made.
type changeSet struct {
	id, stack string // their ARNs
	changes   []change
}

// changeSet has CloudFormation make a change set. It returns nil if nothing changes.
func (s Stack) changeSet(ctx context.Context, client *cloudformation.Client, state State, p plan) (
	*changeSet, error,
) {
	input := cloudformation.CreateChangeSetInput{UsePreviousTemplate: aws.Bool(true)}
	if p.template != nil {
		url, err := p.artifacts.url(ctx, templateKey(p.template))
		if err != nil {
			return nil, err
		}
		input = cloudformation.CreateChangeSetInput{TemplateURL: &url}
	}
	kind := types.ChangeSetTypeUpdate
	if state.Status == Absent {
		kind = types.ChangeSetTypeCreate
	}
	input.StackName = &s.Name
	input.ChangeSetName = aws.String(s.Host.Now().UTC().Format("deploy-20060102-150405"))
	input.ChangeSetType = kind
	input.Parameters = p.inputs
	input.Capabilities = []types.Capability{types.CapabilityCapabilityIam,
		types.CapabilityCapabilityAutoExpand}
	made, err := client.CreateChangeSet(ctx, &input)
	if err != nil {
		return nil, fmt.Errorf("CloudFormation refuses the template: %w", err)
	}
	set := &changeSet{id: aws.ToString(made.Id), stack: aws.ToString(made.StackId)}
	for {
		var all []types.Change
		pages := cloudformation.NewDescribeChangeSetPaginator(client,
			&cloudformation.DescribeChangeSetInput{ChangeSetName: &set.id, StackName: &set.stack})
		status, reason := types.ChangeSetStatus(""), ""
		for pages.HasMorePages() {
			page, err := pages.NextPage(ctx)
			if err != nil {
				return nil, fmt.Errorf("the change set of %s cannot be read: %w", s.Name, err)
			}
			all = append(all, page.Changes...)
			status, reason = page.Status, aws.ToString(page.StatusReason)
		}
		switch status {
		case types.ChangeSetStatusCreateComplete:
			set.changes = changesOf(all)
			return set, nil
		case types.ChangeSetStatusFailed:
			err := s.discard(ctx, client, state, set)
			if state.Status != Absent && nothingChanges(reason) {
				return nil, err
			}
			return nil, errors.Join(
				fmt.Errorf("CloudFormation made no change set for %s: %s", s.Name, reason), err)
		}
		if err := wait(ctx); err != nil {
			return nil, err
		}
	}
}

// nothingChanges reports whether that is why CloudFormation made no change set.
func nothingChanges(reason string) bool {
	return strings.Contains(reason, "didn't contain changes") ||
		strings.Contains(reason, "No updates are to be performed")
}

// discard deletes a change set that is not executed, and the empty stack that CloudFormation has
// made for that of a new one.
func (s Stack) discard(
	ctx context.Context, client *cloudformation.Client, state State, set *changeSet,
) error {
	_, err := client.DeleteChangeSet(ctx, &cloudformation.DeleteChangeSetInput{
		ChangeSetName: &set.id, StackName: &set.stack})
	if err == nil && state.Status == Absent {
		_, err = client.DeleteStack(ctx, &cloudformation.DeleteStackInput{StackName: &set.stack})
	}
	if err != nil {
		return fmt.Errorf("the change set was not deleted: %w", err)
	}
	return nil
}
