// Package about has the description that a deployment keeps of itself in its bucket.
//
// The tick writes deployment.json: it knows from its environment what the stack was deployed with.
// The commands of kindly-weekly read it, so that an operator names only the bucket. No secret is in
// it.
package about

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strconv"
	"time"

	"kindlyweekly/report/delivery"
)

// Deployment describes a deployment. It is stored as JSON, to which keys are only added.
type Deployment struct {
	Schema           int    `json:"schema"`           // 1
	Stack            string `json:"stack"`            // the name of the stack
	Bucket           string `json:"bucket,omitempty"` // its name; a copy elsewhere has it too
	Stage            Stage  `json:"stage"`
	DivertTo         string `json:"divert_to"`         // the destination that gets everything, or empty
	SecretPrefix     string `json:"secret_prefix"`     // of the IDs of its secrets
	ConfigurationSet string `json:"configuration_set"` // of SES
	AlarmTopic       string `json:"alarm_topic"`       // the ARN of the SNS topic
	SlashURL         string `json:"slash_url"`         // the endpoint of the slash command
	CatchUpHours     int    `json:"catch_up_hours"`
	Version          string `json:"version"` // the revision it was built from, or empty
}

// Stage is what a deployment is for.
type Stage string

// The stages.
const (
	Dev   Stage = "dev"   // everything is diverted
	Prod  Stage = "prod"  // reports go to the configured destinations
	Local Stage = "local" // a folder of this machine, from which nothing real is sent
)

// key is the key of the description in the bucket.
const key = "deployment.json"

// version is the revision of the source. The Makefile sets it.
var version string

// FromEnvironment describes the deployment to which a function with this environment belongs. It
// reads STAGE (the stack's name), BUCKET, DEPLOYMENT_STAGE, DIVERT_TO, SECRET_PREFIX,
// SES_CONFIGURATION_SET, ALARM_TOPIC, SLASH_URL and CATCH_UP_HOURS.
func FromEnvironment(getenv func(string) string) (Deployment, error) {
	hours, err := strconv.Atoi(getenv("CATCH_UP_HOURS"))
	if err != nil {
		return Deployment{}, fmt.Errorf("CATCH_UP_HOURS: %w", err)
	}
	stage := Stage(getenv("DEPLOYMENT_STAGE"))
	if stage != Dev && stage != Prod {
		return Deployment{}, fmt.Errorf("DEPLOYMENT_STAGE: %q is not dev or prod", stage)
	}
	return Deployment{
		Schema:           1,
		Stack:            getenv("STAGE"),
		Bucket:           getenv("BUCKET"),
		Stage:            stage,
		DivertTo:         getenv("DIVERT_TO"),
		SecretPrefix:     getenv("SECRET_PREFIX"),
		ConfigurationSet: getenv("SES_CONFIGURATION_SET"),
		AlarmTopic:       getenv("ALARM_TOPIC"),
		SlashURL:         getenv("SLASH_URL"),
		CatchUpHours:     hours,
		Version:          version,
	}, nil
}

// LocalFolder describes a folder of this machine, which program has written.
func LocalFolder(program string, catchUpHours int) Deployment {
	return Deployment{Schema: 1, Stack: program, Stage: Local, CatchUpHours: catchUpHours}
}

// CatchUp returns how long after its time a report that failed is still tried.
func (d Deployment) CatchUp() time.Duration { return time.Duration(d.CatchUpHours) * time.Hour }

// Save writes the description, unless the store has it already.
func (d Deployment) Save(ctx context.Context, store delivery.Store) error {
	data, err := json.MarshalIndent(d, "", "  ")
	if err != nil {
		return err
	}
	data = append(data, '\n')
	switch o, err := store.Get(ctx, key); {
	case err == nil && bytes.Equal(o.Data, data):
		return nil
	case err != nil && !errors.Is(err, delivery.ErrNotFound):
		return fmt.Errorf("%s: %w", key, err)
	}
	object := delivery.Object{Data: data, Type: "application/json"}
	if _, err := store.Put(ctx, key, object, delivery.Condition{}); err != nil {
		return fmt.Errorf("%s: %w", key, err)
	}
	return nil
}

// Read returns the description in a store. It returns an error that wraps
// delivery.ErrNotFound if the store has none: its deployment is older, or has not ticked yet.
func Read(ctx context.Context, store delivery.Store) (Deployment, error) {
	var d Deployment
	o, err := store.Get(ctx, key)
	if err == nil {
		err = json.Unmarshal(o.Data, &d)
	}
	if err == nil && d.Stage != Dev && d.Stage != Prod && d.Stage != Local {
		err = fmt.Errorf("unknown stage %q: this command is older than the deployment", d.Stage)
	}
	if err != nil {
		return Deployment{}, fmt.Errorf("%s: %w", key, err)
	}
	return d, nil
}
