package registry_test

import (
	"context"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"

	"kindlyweekly/functions/channel"
	"kindlyweekly/functions/channel/registry"
	"kindlyweekly/report/config"
)

func TestSenders_EveryKind(t *testing.T) {
	all, err := registry.Senders(t.Context(), channel.Env{
		Getenv: func(string) string { return "" },
		AWS:    func(context.Context) (aws.Config, error) { return aws.Config{}, nil },
	})
	if err != nil {
		t.Fatal(err)
	}
	for _, m := range config.Media() {
		if all[m] == nil {
			t.Errorf("nothing sends to %s", m)
		}
	}
}

func TestNew_UnknownKind(t *testing.T) {
	if _, err := registry.New(t.Context(), "fax", channel.Env{}); err == nil {
		t.Error("there is a sender to fax")
	}
}
