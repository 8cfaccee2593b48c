package email_test

import (
	"context"
	"errors"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"

	"kindlyweekly/functions/channel"
	"kindlyweekly/functions/channel/email"
	"kindlyweekly/report/delivery/storetest"
)

func TestNew(t *testing.T) {
	env := channel.Env{
		Getenv: func(name string) string { return map[string]string{"SES_CONFIGURATION_SET": "weekly"}[name] },
		AWS:    func(context.Context) (aws.Config, error) { return aws.Config{}, nil },
		Store:  new(storetest.Memory),
	}
	s, err := email.New(t.Context(), env)
	if err != nil || s.Client == nil || s.ConfigurationSet != "weekly" || s.Store != env.Store {
		t.Errorf("got %+v, %v", s, err)
	}
	wrong := errors.New("no profile")
	env.AWS = func(context.Context) (aws.Config, error) { return aws.Config{}, wrong }
	if _, err := email.New(t.Context(), env); !errors.Is(err, wrong) {
		t.Errorf("got %v, want %v", err, wrong)
	}
}
