// Package about has the description that a deployment keeps of itself in its bucket.
//
// The tick writes deployment.json: it knows from its environment what the stack was deployed with,
// see [FromEnvironment]. The commands of kindly-weekly [Read] it, so that an operator names only
// the bucket. A folder that such a command writes is described too, as [LocalFolder]: no command
// sends from it. No secret is in a description.
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
	Stack            string `json:"stack"`            // its name: kindly-weekly-prod
	Bucket           string `json:"bucket,omitempty"` // its name; a copy elsewhere has it too
	Stage            Stage  `json:"stage"`
	DivertTo         string `json:"divert_to"`         // gets everything: slack:C024BE91L; or empty
	SecretPrefix     string `json:"secret_prefix"`     // of its secrets' IDs: kindly-weekly/prod/
	ConfigurationSet string `json:"configuration_set"` // the name of that of SES
	AlarmTopic       string `json:"alarm_topic"`       // the ARN of the SNS topic
	SlashURL         string `json:"slash_url"`         // https://..., the slash command's endpoint
	CatchUpHours     int    `json:"catch_up_hours"`    // how long after its time a report is tried
	Version          string `json:"version"`           // what git describe said; or empty
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

// version is the revision of the source, as git describes it. The Makefile sets it.
var version string

// FromEnvironment describes the deployment to which a function with this environment belongs. It
// reads STAGE (the stack's name), BUCKET, DEPLOYMENT_STAGE, DIVERT_TO, SECRET_PREFIX,
// SES_CONFIGURATION_SET, ALARM_TOPIC, SLASH_URL and CATCH_UP_HOURS. It fails if a stage or hours
// are invalid.
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

// LocalFolder describes a folder of this machine, which the command has written. catchUp is rounded
// down to hours.
func LocalFolder(command string, catchUp time.Duration) Deployment {
	return Deployment{Schema: 1, Stack: command, Stage: Local,
		CatchUpHours: int(catchUp / time.Hour)}
}

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
