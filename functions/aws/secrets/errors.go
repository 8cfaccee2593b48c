package secrets

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strings"

	"github.com/aws/aws-sdk-go-v2/service/secretsmanager/types"
	"github.com/aws/smithy-go"
)

// Error is a secret that could not be read or written. It names the secret and what to do, and never a value.
type Error struct {
	Secret    string // its id
	Field     string // may be empty
	Err       error
	Remedy    string // what to do; may be empty
	Permanent bool   // asking again cannot help before somebody has acted on the cure
}

func (e *Error) Error() string {
	if e.Remedy == "" {
		return e.Reason()
	}
	return e.Reason() + ": " + e.Remedy
}

// Reason returns the error without what to do.
func (e *Error) Reason() string {
	id := e.Secret
	if e.Field != "" {
		id += "#" + e.Field
	}
	return fmt.Sprintf("secret %s: %v", id, e.Err)
}

func (e *Error) Unwrap() error { return e.Err }

// explain turns what Secrets Manager answered to an action into an *Error. Nil stays nil.
func explain(name, action string, err error) error {
	if err == nil {
		return nil
	}
	e := &Error{Secret: name, Err: err}
	var api smithy.APIError
	if !errors.As(err, &api) {
		e.Err = fmt.Errorf("no answer from Secrets Manager: %w", err)
		return e
	}
	e.Err = api // without the request's id, so that the same mistake reads the same each time
	switch api.ErrorCode() {
	case "ResourceNotFoundException":
		e.Permanent = true
		e.Remedy = "there is no such secret in this account and region, or it has no value yet: create it, or correct the id in the configuration"
	case "AccessDeniedException":
		e.Permanent = true
		e.Remedy = "the role may not do " + action + " on it: keep it under the deployment's secret prefix, or allow the role; " +
			"with NarrowSecrets=true, name Slack's secrets <prefix><tenant>/slack/token and <prefix><tenant>/slack/signing-secret; " +
			"a secret with a KMS key of its own needs kms:Decrypt too"
	case "DecryptionFailure", "EncryptionFailure":
		e.Permanent = true
		e.Remedy = "its KMS key is disabled, or the role may not use it: enable the key, or allow kms:Decrypt and kms:GenerateDataKey"
	case "InvalidRequestException":
		e.Permanent = true
		e.Remedy = "is it scheduled for deletion? aws secretsmanager restore-secret --secret-id " + name
	case "InvalidParameterException", "ValidationException":
		e.Permanent = true
		e.Remedy = "an id consists of letters, digits and /_+=.@-"
	case "ExpiredTokenException", "UnrecognizedClientException", "InvalidSignatureException":
		e.Permanent = true
		e.Remedy = "the AWS credentials are not valid (any more): log in again"
	}
	return e
}

func binary(name string) error {
	return &Error{Secret: name, Err: errors.New("it is binary"), Remedy: "store it as a text (SecretString)", Permanent: true}
}

// passes reports whether err is one of a moment.
func passes(err error) bool {
	var e *Error
	return errors.As(err, &e) && !e.Permanent
}

func missing(err error) bool {
	var e *types.ResourceNotFoundException
	return errors.As(err, &e)
}

func taken(err error) bool {
	var e *types.ResourceExistsException
	return errors.As(err, &e)
}

// clean replaces an error that quotes what was to be stored, whole or in part, as a validation might.
func clean(err error, content string) error {
	if err == nil {
		return nil
	}
	secrets := []string{content}
	fields, _ := object(content) // a text has none
	for _, raw := range fields {
		var value string
		if _ = json.Unmarshal(raw, &value); value != "" { // what is no string leaves it empty
			secrets = append(secrets, value)
		}
	}
	for _, s := range secrets {
		if strings.Contains(err.Error(), s) {
			return quoting(err)
		}
	}
	return err
}

// quoting is an error whose text must not be shown. What Secrets Manager called it may be.
func quoting(err error) error {
	var api smithy.APIError
	switch {
	case errors.As(err, &api):
		return &smithy.GenericAPIError{Code: api.ErrorCode(), Message: "[redacted]", Fault: api.ErrorFault()}
	case errors.Is(err, context.DeadlineExceeded):
		return context.DeadlineExceeded
	case errors.Is(err, context.Canceled):
		return context.Canceled
	}
	return errors.New("[redacted]")
}
