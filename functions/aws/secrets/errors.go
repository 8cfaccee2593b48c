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

// Error is a secret that could not be read or written. It never contains a value.
type Error struct {
	Secret    string // its ID
	Field     string // may be empty
	Err       error
	Remedy    string // what to do; may be empty
	Permanent bool   // asking again does not help before a person has acted on the remedy
	Missing   bool   // there is no such secret, or it has no such field
}

func (e *Error) Error() string {
	if e.Remedy == "" {
		return e.Reason()
	}
	return e.Reason() + ": " + e.Remedy
}

// Reason returns the error without the remedy.
func (e *Error) Reason() string {
	id := e.Secret
	if e.Field != "" {
		id += "#" + e.Field
	}
	return fmt.Sprintf("secret %s: %v", id, e.Err)
}

func (e *Error) Unwrap() error { return e.Err }

// IsMissing reports whether an error says that there is no such secret, or no such field of it.
func IsMissing(err error) bool {
	var e *Error
	return errors.As(err, &e) && e.Missing
}

const (
	remedyCreate = "there is no such secret in this account and region, or it has no value yet:" +
		" create it, or correct the ID in the configuration"
	remedyAllow = "the role may not do {action} on it: keep it under the deployment's secret" +
		" prefix, or allow the role; with NarrowSecrets=true, name Slack's secrets" +
		" <prefix><tenant>/slack/token and <prefix><tenant>/slack/signing-secret; a secret with a" +
		" KMS key of its own needs kms:Decrypt too"
	remedyKMS = "its KMS key is disabled, or the role may not use it: enable the key, or allow" +
		" kms:Decrypt and kms:GenerateDataKey"
	remedyRestore = "is it scheduled for deletion?" +
		" aws secretsmanager restore-secret --secret-id {secret}"
	remedyName  = "an ID consists of letters, digits and /_+=.@-"
	remedyLogin = "the AWS credentials are not valid or have expired: log in again"
)

// remedies are for errors that asking again does not change, by code of Secrets Manager. {action}
// and {secret} stand for the API action and the secret.
var remedies = map[string]string{
	"ResourceNotFoundException":   remedyCreate,
	"AccessDeniedException":       remedyAllow,
	"DecryptionFailure":           remedyKMS,
	"EncryptionFailure":           remedyKMS,
	"InvalidRequestException":     remedyRestore,
	"InvalidParameterException":   remedyName,
	"ValidationException":         remedyName,
	"ExpiredTokenException":       remedyLogin,
	"UnrecognizedClientException": remedyLogin,
	"InvalidSignatureException":   remedyLogin,
}

// explain returns an *Error for what Secrets Manager answered to an action. Nil stays nil.
func explain(name, action string, err error) error {
	if err == nil {
		return nil
	}
	var api smithy.APIError
	if !errors.As(err, &api) {
		return &Error{Secret: name, Err: fmt.Errorf("no answer from Secrets Manager: %w", err)}
	}
	remedy, permanent := remedies[api.ErrorCode()]
	fill := strings.NewReplacer("{action}", "secretsmanager:"+action, "{secret}", name)
	// api has no request ID, so the same failure has the same text each time.
	return &Error{Secret: name, Err: api, Remedy: fill.Replace(remedy), Permanent: permanent,
		Missing: isNotFound(err)}
}

func binaryError(name string) error {
	return &Error{Secret: name, Err: errors.New("it is binary"),
		Remedy: "store it as a text (SecretString)", Permanent: true}
}

// isTransient reports whether asking again may help.
func isTransient(err error) bool {
	var e *Error
	return errors.As(err, &e) && !e.Permanent
}

func isNotFound(err error) bool {
	var e *types.ResourceNotFoundException
	return errors.As(err, &e)
}

func isExisting(err error) bool {
	var e *types.ResourceExistsException
	return errors.As(err, &e)
}

// redact returns err without its message if that quotes the content or a field of it, as a
// validation might.
func redact(err error, content string) error {
	if err == nil {
		return nil
	}
	secrets := []string{content}
	fields, _ := parseObject(content) // a text has none
	for _, raw := range fields {
		var value string
		if _ = json.Unmarshal(raw, &value); value != "" { // what is no string leaves it empty
			secrets = append(secrets, value)
		}
	}
	for _, s := range secrets {
		if strings.Contains(err.Error(), s) {
			return withoutMessage(err)
		}
	}
	return err
}

// withoutMessage returns what can be shown of an error whose text cannot: its code or its kind.
func withoutMessage(err error) error {
	var api smithy.APIError
	switch {
	case errors.As(err, &api):
		return &smithy.GenericAPIError{
			Code: api.ErrorCode(), Message: "[redacted]", Fault: api.ErrorFault()}
	case errors.Is(err, context.DeadlineExceeded):
		return context.DeadlineExceeded
	case errors.Is(err, context.Canceled):
		return context.Canceled
	}
	return errors.New("[redacted]")
}
