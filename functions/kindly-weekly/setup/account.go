package setup

import (
	"context"
	"fmt"
	"regexp"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/sts"

	"kindlyweekly/functions/aws/retry"
)

var regionName = regexp.MustCompile(`^[a-z]{2}(-[a-z]+)+-\d+$`)

// lookAccount reads whose credentials these are, and in which region.
func (r *run) lookAccount(ctx context.Context) (state, error) {
	if r.answers.Region != "" {
		r.setRegion(r.answers.Region)
	}
	cfg, err := r.base.AWS(ctx)
	if err != nil {
		return state{}, err
	}
	client := sts.NewFromConfig(cfg, func(o *sts.Options) {
		if o.Region == "" {
			o.Region = "us-east-1" // any region knows who one is
		}
	})
	who, err := client.GetCallerIdentity(ctx, &sts.GetCallerIdentityInput{})
	if err != nil {
		return state{}, fmt.Errorf("%s: %s", retry.Reason(err), retry.Remedy(err))
	}
	r.account = aws.ToString(who.Account)
	if r.region = cfg.Region; r.region == "" {
		return todo("%s; ask for the region", r.account), nil
	}
	return done("%s, region %s, as %s", r.account, r.region, aws.ToString(who.Arn)), nil
}

// askRegion asks for the region if the environment has none.
func (r *run) askRegion(context.Context) error {
	region, err := r.get(question{
		key: "region", answer: r.answers.Region, text: "AWS region", standard: "eu-north-1",
		check: func(s string) (string, error) {
			if !regionName.MatchString(s) {
				return "", fmt.Errorf("%q is not a region, such as eu-north-1", s)
			}
			return s, nil
		},
	})
	if err == nil {
		r.setRegion(region)
	}
	return err
}

// setRegion makes all clients use a region.
func (r *run) setRegion(region string) {
	load := r.base.AWS
	r.base.AWS = func(ctx context.Context) (aws.Config, error) {
		cfg, err := load(ctx)
		cfg.Region = region
		return cfg, err
	}
}
