package secrets_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/secretsmanager"
	"github.com/aws/smithy-go"
	"github.com/google/go-cmp/cmp"

	"kindlyweekly/functions/aws/secrets"
	"kindlyweekly/functions/internal/moto"
	"kindlyweekly/report/config"
)

// manager is a Secrets Manager on the wire: it keeps secrets by id and answers as AWS does.
type manager struct {
	mu      sync.Mutex
	secrets map[string]string
	refuse  map[string]refusal // by operation
	calls   []string           // operation and secret
}

type refusal struct {
	status        int
	code, message string
}

func (m *manager) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	m.mu.Lock()
	defer m.mu.Unlock()
	operation, ok := strings.CutPrefix(r.Header.Get("X-Amz-Target"), "secretsmanager.")
	var in struct{ SecretID, Name, SecretString, ClientRequestToken string }
	if err := json.NewDecoder(r.Body).Decode(&in); err != nil || !ok || r.URL.Path != "/" {
		http.Error(w, fmt.Sprint("not a request to Secrets Manager: ", r.URL, r.Header, err),
			http.StatusTeapot)
		return
	}
	id := in.SecretID + in.Name
	m.calls = append(m.calls, operation+" "+id)
	answer := func(status int, body map[string]any) {
		w.Header().Set("Content-Type", "application/x-amz-json-1.1")
		w.WriteHeader(status)
		_ = json.NewEncoder(w).Encode(body)
	}
	if no, ok := m.refuse[operation]; ok {
		answer(no.status, map[string]any{"__type": no.code, "message": no.message})
		return
	}
	value, exists := m.secrets[id]
	switch {
	case operation == "CreateSecret" && exists:
		answer(400, map[string]any{"__type": "ResourceExistsException",
			"message": "The operation failed because the secret " + id + " already exists."})
	case operation != "CreateSecret" && !exists:
		answer(400, map[string]any{"__type": "ResourceNotFoundException",
			"message": "Secrets Manager can't find the specified secret."})
	case operation == "GetSecretValue" && value == "binary":
		answer(200, map[string]any{"Name": id, "SecretBinary": "AAEC"})
	case operation == "GetSecretValue":
		answer(200, map[string]any{"Name": id, "SecretString": value})
	case in.SecretString == "" || in.ClientRequestToken == "":
		answer(400, map[string]any{"__type": "InvalidParameterException", "message": "incomplete"})
	default:
		m.secrets[id] = in.SecretString
		answer(200, map[string]any{"Name": id})
	}
}

// open returns a Manager whose client calls the fake.
func (m *manager) open(t *testing.T) *secrets.Manager {
	server := httptest.NewServer(m)
	t.Cleanup(server.Close)
	return &secrets.Manager{Client: secretsmanager.NewFromConfig(moto.Config(server.URL),
		func(o *secretsmanager.Options) {
			o.RetryMaxAttempts = 1
		})}
}

const secret = "s3cr3t-do-not-print"

func TestGet(t *testing.T) {
	values := map[string]string{
		"acme/4217":  "  " + secret + "\n",
		"acme":       `{"slack_token": "` + secret + `", "empty": " ", "number": 42}`,
		"list":       `["` + secret + `"]`,
		"nothing":    "",
		"hollow":     "{}",
		"single":     `{"slack_token": "x"}`,
		"null":       "null",
		"bytes":      "binary",
		"with space": secret,
	}
	for _, test := range []struct {
		id, want, wrong string
		refuse          refusal
	}{
		{id: "acme/4217", want: secret},
		{id: "acme#slack_token", want: secret},

		{id: "acme", wrong: "secret acme: it is a JSON object, not a text: name one of its fields, such as acme#empty"},
		{id: "acme#token",
			wrong: `secret acme#token: it has the fields ["empty" "number" "slack_token"], not this one: add the field, or correct its name in the configuration`},
		{id: "acme#empty", wrong: "secret acme#empty: the field is empty: store the secret in it"},
		{id: "acme#number",
			wrong: "secret acme#number: the field is not a JSON string: put the value in quotes"},
		{id: "acme/4217#key",
			wrong: `secret acme/4217#key: it is not a JSON object, so it has no fields: store {"key": "…"} in it, or name the secret without #key`},
		{id: "list#key",
			wrong: `secret list#key: it is not a JSON object, so it has no fields: store {"key": "…"} in it, or name the secret without #key`},
		{id: "null#key",
			wrong: `secret null#key: it is not a JSON object, so it has no fields: store {"key": "…"} in it, or name the secret without #key`},
		{id: "hollow",
			wrong: "secret hollow: it is a JSON object, not a text: name one of its fields, such as hollow#field"},
		{id: "hollow#token",
			wrong: "secret hollow#token: it has no fields at all, not this one: add the field, or correct its name in the configuration"},
		{id: "single",
			wrong: "secret single: it is a JSON object, not a text: name one of its fields, such as single#slack_token"},
		{id: "single#token",
			wrong: `secret single#token: it has the fields ["slack_token"], not this one: add the field, or correct its name in the configuration`},
		{id: "nothing", wrong: "secret nothing: it is empty: store the secret in it"},
		{id: "bytes", wrong: "secret bytes: it is binary: store it as a text (SecretString)"},
		{id: "", wrong: "secret : no secret is named: write id, or id#field, such as kindly-weekly/acme#slack_token"},
		{id: "acme#",
			wrong: "secret acme#: no field is named after the #: write id, or id#field, such as kindly-weekly/acme#slack_token"},

		{id: "absent",
			wrong: "secret absent: ResourceNotFoundException: Secrets Manager can't find the specified secret.: there is no such secret " +
				"in this account and region, or it has no value yet: create it, or correct the ID in the configuration"},
		{id: "acme", refuse: refusal{400, "AccessDeniedException",
			"User: arn:aws:sts::1:assumed-role/worker is not authorized"},
			wrong: "secret acme: api error AccessDeniedException: User: arn:aws:sts::1:assumed-role/worker is not authorized: " +
				"the role may not do secretsmanager:GetSecretValue on it: keep it under the deployment's secret prefix, or allow the role; " +
				"with NarrowSecrets=true, name Slack's secrets <prefix><tenant>/slack/token and <prefix><tenant>/slack/signing-secret; " +
				"a secret with a KMS key of its own needs kms:Decrypt too"},
		{id: "acme", refuse: refusal{400, "DecryptionFailure", "KMS key disabled"},
			wrong: "secret acme: DecryptionFailure: KMS key disabled: its KMS key is disabled, or the role may not use it: enable the key, or allow kms:Decrypt and kms:GenerateDataKey"},
		{id: "acme", refuse: refusal{400, "InvalidRequestException", "marked for deletion"},
			wrong: "secret acme: InvalidRequestException: marked for deletion: is it scheduled for deletion? aws secretsmanager restore-secret --secret-id acme"},
		{id: "acme", refuse: refusal{400, "InvalidParameterException", "bad id"},
			wrong: "secret acme: InvalidParameterException: bad id: an ID consists of letters, digits and /_+=.@-"},
		{id: "acme", refuse: refusal{400, "ExpiredTokenException", "expired"},
			wrong: "secret acme: api error ExpiredTokenException: expired: the AWS credentials are not valid or have expired: log in again"},
		{id: "acme", refuse: refusal{400, "ThrottlingException", "Rate exceeded"},
			wrong: "secret acme: api error ThrottlingException: Rate exceeded"},
		{id: "acme", refuse: refusal{500, "InternalServiceError", "oops"},
			wrong: "secret acme: InternalServiceError: oops"},
	} {
		t.Run(test.id+" "+test.refuse.code, func(t *testing.T) {
			m := &manager{secrets: values}
			if test.refuse.code != "" {
				m.refuse = map[string]refusal{"GetSecretValue": test.refuse}
			}
			v := m.open(t)
			got, err := v.Get(t.Context(), test.id)
			if got != test.want || text(err) != test.wrong {
				t.Errorf("got %q and %q\nwant %q and %q", got, text(err), test.want, test.wrong)
			}
			var e *secrets.Error
			if err != nil && !errors.As(err, &e) {
				t.Errorf("%T is no *secrets.Error", err)
			}
			if passing := test.refuse.code == "ThrottlingException" ||
				test.refuse.status == 500; err != nil && e.Permanent == passing {
				t.Errorf("permanent: %v", e.Permanent)
			}
		})
	}
}

// Only what is not there is missing: what cannot be used, or read, must not be stored anew.
func TestIsMissing(t *testing.T) {
	m := &manager{secrets: map[string]string{"acme": `{"a": "x", "empty": ""}`, "bytes": "binary"}}
	client := m.open(t)
	for id, want := range map[string]bool{
		"absent": true, "absent#a": true, "acme#b": true,
		"acme#a": false, "acme": false, "acme#empty": false, "bytes": false, "acme#": false,
	} {
		if _, err := client.Get(t.Context(), id); secrets.IsMissing(err) != want {
			t.Errorf("%s: %v", id, err)
		}
	}
	m.refuse = map[string]refusal{"GetSecretValue": {400, "AccessDeniedException", "no"}}
	if _, err := m.open(t).Get(t.Context(), "absent"); secrets.IsMissing(err) {
		t.Errorf("refused: %v", err)
	}
}

func text(err error) string {
	if err == nil {
		return ""
	}
	return err.Error()
}

func TestKeyID(t *testing.T) {
	for want, bot := range map[string]config.Bot{
		"kindly-weekly/prod/acme/4217": {ID: "4217"},
		"elsewhere#4217":               {ID: "4217", KeySecret: "elsewhere#4217"},
	} {
		if got := secrets.KeyID("kindly-weekly/prod/", "acme", bot); got != want {
			t.Errorf("got %s, want %s", got, want)
		}
	}
}

// slow is a Secrets Manager that takes a second for an answer, on a fake clock.
type slow struct {
	secrets.Client
	mu    sync.Mutex
	calls int
	value string
	err   error
}

func (s *slow) GetSecretValue(ctx context.Context, _ *secretsmanager.GetSecretValueInput,
	_ ...func(*secretsmanager.Options)) (*secretsmanager.GetSecretValueOutput, error) {
	s.mu.Lock()
	s.calls++
	value, err := s.value, s.err
	s.mu.Unlock()
	select {
	case <-time.After(time.Second):
	case <-ctx.Done():
		return nil, ctx.Err()
	}
	if err != nil {
		return nil, err
	}
	return &secretsmanager.GetSecretValueOutput{SecretString: &value}, nil
}

func (s *slow) expect(t *testing.T, calls int) {
	t.Helper()
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.calls != calls {
		t.Errorf("Secrets Manager was asked %d times, want %d", s.calls, calls)
	}
}

func get(t *testing.T, give func(context.Context, string) (string, error), id, want string) {
	t.Helper()
	got, err := give(t.Context(), id)
	if err != nil || got != want {
		t.Errorf("%s: got %q and %v, want %q", id, got, err, want)
	}
}

func TestGet_FetchesOnceForAll(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := &slow{value: `{"a": "1", "b": "2"}`}
		v := &secrets.Manager{Client: s, TTL: time.Hour}

		impatient, cancel := context.WithTimeout(t.Context(), time.Millisecond)
		defer cancel()
		var all sync.WaitGroup
		all.Go(func() {
			if _, err := v.Get(impatient, "s#a"); !errors.Is(err, context.DeadlineExceeded) {
				t.Errorf("who could not wait got %v", err)
			}
		})
		synctest.Wait() // it asks first, and its end must not end the fetch for the others
		for range 20 {
			all.Go(func() { get(t, v.Get, "s#a", "1") })
			all.Go(func() { get(t, v.Get, "s#b", "2") })
		}
		all.Wait()
		s.expect(t, 1)

		time.Sleep(time.Hour - 2*time.Second)
		get(t, v.Get, "s#a", "1")
		s.expect(t, 1)
		time.Sleep(2 * time.Second)
		get(t, v.Get, "s#a", "1")
		s.expect(t, 2)
	})
}

// The fetch of one secret leaves what is known of the others.
func TestGet_RemembersSeveral(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := &slow{value: "value"}
		v := &secrets.Manager{Client: s}
		for range 2 {
			for _, id := range []string{"a", "b", "c"} {
				get(t, v.Get, id, "value")
			}
		}
		s.expect(t, 3)
	})
}

// An id that names no secret is an error before Secrets Manager is asked.
func TestGet_MalformedID(t *testing.T) {
	for id, want := range map[string]string{"": "no secret is named", "#a": "no secret is named",
		"s#": "no field is named after the #"} {
		m := &manager{secrets: map[string]string{"s": "plain", "": "plain"}}
		v := m.open(t)
		_, getErr := v.Get(t.Context(), id)
		_, refetchErr := v.Refetch(t.Context(), id)
		for what, err := range map[string]error{"Get": getErr, "Refetch": refetchErr,
			"Set": v.Set(t.Context(), id, secret)} {
			if e := new(secrets.Error); !errors.As(err, &e) || !e.Permanent ||
				e.Err.Error() != want {
				t.Errorf("%s %q: %v, want %s", what, id, err, want)
			}
		}
		if len(m.calls) != 0 {
			t.Errorf("%q: calls: %q", id, m.calls)
		}
	}
}

func TestRefetch_AtMostOnceAMinute(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := &slow{value: "old"}
		v := &secrets.Manager{Client: s}
		get(t, v.Get, "s", "old")

		s.value = "new"
		get(t, v.Refetch, "s", "old") // it was asked for a moment ago
		s.expect(t, 1)

		time.Sleep(time.Minute)
		var strangers sync.WaitGroup
		for range 100 {
			strangers.Go(func() { get(t, v.Refetch, "s", "new") })
		}
		strangers.Wait()
		get(t, v.Refetch, "s", "new")
		get(t, v.Get, "s", "new")
		s.expect(t, 2)
	})
}

func TestGet_RemembersAnErrorForAMinute(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := &slow{err: &smithy.GenericAPIError{Code: "AccessDeniedException"}}
		v := &secrets.Manager{Client: s}
		for range 5 {
			for _, give := range []func(context.Context, string) (string, error){v.Get, v.Refetch} {
				if _, err := give(t.Context(), "s"); err == nil ||
					!strings.Contains(err.Error(), "AccessDeniedException") {
					t.Errorf("got %v", err)
				}
			}
		}
		s.expect(t, 1)
		s.err, s.value = nil, "cured"
		time.Sleep(time.Minute)
		get(t, v.Get, "s", "cured")
		s.expect(t, 2)
	})
}

func TestGet_Outage(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		reset := errors.New("connection reset")
		s := &slow{err: reset}
		v := &secrets.Manager{Client: s, TTL: time.Hour}
		for range 2 {
			_, err := v.Get(t.Context(), "s")
			if text(err) != "secret s: no answer from Secrets Manager: connection reset" ||
				!errors.Is(err, reset) {
				t.Errorf("got %v", err)
			}
		}
		s.expect(t, 2) // nothing is known: each asks

		s.err, s.value = nil, "value"
		get(t, v.Get, "s", "value")
		s.err = errors.New("connection reset")
		time.Sleep(time.Hour)
		for range 5 {
			get(t, v.Get, "s", "value") // the last one known stays in force
			get(t, v.Refetch, "s", "value")
		}
		s.expect(t, 4)
		time.Sleep(time.Minute)
		get(t, v.Get, "s", "value")
		s.expect(t, 5)

		s.err = &smithy.GenericAPIError{Code: "AccessDeniedException"}
		time.Sleep(time.Minute)
		if _, err := v.Get(t.Context(), "s"); err == nil {
			t.Error("a secret was given that has been taken away")
		}
	})
}

func TestSet(t *testing.T) {
	for name, test := range map[string]struct {
		before map[string]string
		id     string
		after  string
		wrong  string
		calls  []string
	}{
		"a new secret": {id: "s", after: secret,
			calls: []string{"PutSecretValue s", "CreateSecret s"}},
		"another value": {before: map[string]string{"s": "old"}, id: "s", after: secret,
			calls: []string{"PutSecretValue s"}},
		"the first field": {id: "s#a", after: `{"a":"` + secret + `"}`,
			calls: []string{"GetSecretValue s", "CreateSecret s"}},
		"one of many fields": {before: map[string]string{"s": `{"b":{"deep":[1.0]},"a":"old"}`},
			id:    "s#a",
			after: `{"a":"` + secret + `","b":{"deep":[1.0]}}`,
			calls: []string{"GetSecretValue s", "PutSecretValue s"}},
		"a field of an empty secret": {before: map[string]string{"s": " "}, id: "s#a",
			after: `{"a":"` + secret + `"}`,
			calls: []string{"GetSecretValue s", "PutSecretValue s"}},
		"a field of no object": {before: map[string]string{"s": "plain"}, id: "s#a", after: "plain",
			calls: []string{"GetSecretValue s"},
			wrong: "secret s#a: it is not a JSON object, so a field would replace all of it: keep the field in another secret, or delete this one first"},
		"a field of a binary": {before: map[string]string{"s": "binary"}, id: "s#a",
			after: "binary", calls: []string{"GetSecretValue s"},
			wrong: "secret s: it is binary: store it as a text (SecretString)"},
	} {
		t.Run(name, func(t *testing.T) {
			m := &manager{secrets: map[string]string{}}
			for id, value := range test.before {
				m.secrets[id] = value
			}
			v := m.open(t)
			err := v.Set(t.Context(), test.id, " "+secret+"\n")
			if text(err) != test.wrong {
				t.Errorf("got %q, want %q", text(err), test.wrong)
			}
			if e := new(secrets.Error); err != nil && (!errors.As(err, &e) || !e.Permanent) {
				t.Errorf("%v is not permanent", err)
			}
			if diff := cmp.Diff(test.calls, m.calls); diff != "" {
				t.Errorf("calls (-want +got):\n%s", diff)
			}
			if got := m.secrets["s"]; got != test.after {
				t.Errorf("it holds %s, want %s", got, test.after)
			}
		})
	}
}

func TestSet_IsSeenAtOnce(t *testing.T) {
	m := &manager{secrets: map[string]string{"s": `{"a":"old"}`}}
	v := m.open(t)
	get(t, v.Get, "s#a", "old")
	if err := v.Set(t.Context(), "s#a", "new"); err != nil {
		t.Fatal(err)
	}
	get(t, v.Get, "s#a", "new")
}

// A secret that cannot be read is not written: a field would replace the others.
func TestSet_UnreadableSecret(t *testing.T) {
	const before = `{"a":"old","b":"2"}`
	for code, permanent := range map[string]bool{"AccessDeniedException": true,
		"ThrottlingException": false} {
		m := &manager{secrets: map[string]string{"s": before},
			refuse: map[string]refusal{"GetSecretValue": {400, code, "no"}}}
		err := m.open(t).Set(t.Context(), "s#a", secret)
		if e := new(secrets.Error); !errors.As(err, &e) || e.Permanent != permanent ||
			!strings.Contains(text(err), code) {
			t.Errorf("%s: got %v", code, err)
		}
		if diff := cmp.Diff([]string{"GetSecretValue s"}, m.calls); diff != "" ||
			m.secrets["s"] != before {
			t.Errorf("%s: it holds %s; calls (-want +got):\n%s", code, m.secrets["s"], diff)
		}
	}
}

// An answer that quotes a part of what was to be stored keeps its code and its kind alone. Any
// other is shown as it is.
func TestSet_AnswersThatQuote(t *testing.T) {
	const whole = `{"n":42,"empty":"","b":"another-secret"}`
	code := func(message string) error {
		return &smithy.GenericAPIError{Code: "InvalidParameterException", Message: message}
	}
	const cure = ": an ID consists of letters, digits and /_+=.@-"
	for _, test := range []struct {
		answer error
		want   string
		is     error
	}{
		{code("at " + secret), "secret s: api error InvalidParameterException: [redacted]" + cure,
			nil},
		{code("at another-secret"), "secret s: api error InvalidParameterException: [redacted]" +
			cure, nil},
		{code("at field 42"), "secret s: api error InvalidParameterException: at field 42" + cure,
			nil},
		{fmt.Errorf("put %s: %w", secret, context.DeadlineExceeded),
			"secret s: no answer from Secrets Manager: context deadline exceeded",
			context.DeadlineExceeded},
		{fmt.Errorf("put %s: %w", secret, context.Canceled),
			"secret s: no answer from Secrets Manager: context canceled", context.Canceled},
		{errors.New("put " + secret), "secret s: no answer from Secrets Manager: [redacted]", nil},
		{errors.New("connection reset"),
			"secret s: no answer from Secrets Manager: connection reset", nil},
	} {
		synctest.Test(t, func(t *testing.T) {
			v := &secrets.Manager{Client: quoting{&slow{value: whole}, test.answer}}
			err := v.Set(t.Context(), "s#a", secret)
			if text(err) != test.want || test.is != nil && !errors.Is(err, test.is) {
				t.Errorf("got  %v\nwant %s", err, test.want)
			}
		})
	}
}

// quoting is a Secrets Manager that answers each write so.
type quoting struct {
	secrets.Client
	answer error
}

func (q quoting) PutSecretValue(context.Context, *secretsmanager.PutSecretValueInput,
	...func(*secretsmanager.Options)) (*secretsmanager.PutSecretValueOutput, error) {
	return nil, q.answer
}

func TestSet_EmptyValue(t *testing.T) {
	m := &manager{secrets: map[string]string{"s": "old"}}
	err := m.open(t).Set(t.Context(), "s", " \n")
	if e := new(secrets.Error); text(err) != "secret s: the new value is empty: give the secret itself" || !errors.As(err, &e) || !e.Permanent {
		t.Errorf("got %v", err)
	}
	if len(m.calls) != 0 {
		t.Errorf("calls: %q", m.calls)
	}
}

// TestSet_CreatedMeanwhile: between the refused put and the create another caller creates the
// secret.
func TestSet_CreatedMeanwhile(t *testing.T) {
	m := &manager{secrets: map[string]string{"s": "theirs"}, refuse: map[string]refusal{
		"PutSecretValue": {400, "ResourceNotFoundException", "no"},
	}}
	v := m.open(t)
	raced := racing{v.Client, func() { m.mu.Lock(); defer m.mu.Unlock(); m.refuse = nil }}
	v.Client = raced
	if err := v.Set(t.Context(), "s", "ours"); err != nil || m.secrets["s"] != "ours" {
		t.Errorf("%v, and it holds %s", err, m.secrets["s"])
	}
}

// racing lets something happen right before a secret is created.
type racing struct {
	secrets.Client
	before func()
}

func (r racing) CreateSecret(ctx context.Context, in *secretsmanager.CreateSecretInput,
	o ...func(*secretsmanager.Options)) (*secretsmanager.CreateSecretOutput, error) {
	r.before()
	return r.Client.CreateSecret(ctx, in, o...)
}

// TestManager_ShowsNoSecret makes everything fail that can, with answers that quote the secret.
func TestManager_ShowsNoSecret(t *testing.T) {
	var shown strings.Builder
	log := slog.New(slog.NewJSONHandler(&shown, nil))
	show := func(v *secrets.Manager, err error) {
		holder := struct{ V *secrets.Manager }{v}
		fmt.Fprintf(&shown, "%v %+v %#v %s %v %+v %#v\n", v, v, v, v, err, err, holder)
		for e := err; e != nil; e = errors.Unwrap(e) {
			fmt.Fprintf(&shown, "%v %+v\n", e, e)
		}
		log.Info("manager", "manager", v, "error", err, "holder", holder)
	}
	m := &manager{secrets: map[string]string{
		"plain": secret, "object": `{"a": "` + secret + `", "n": {"` + secret + `": 1}}`,
		"list": `["` + secret + `"]`,
	}}
	v := m.open(t)
	for _, id := range []string{"plain", "object#a", "object", "object#n", "object#b", "plain#a",
		"list#a"} {
		_, err := v.Get(t.Context(), id)
		show(v, err)
	}
	for _, id := range []string{"plain#a", "list#a"} {
		show(v, v.Set(t.Context(), id, secret))
	}
	for _, code := range []string{"ValidationException", "InvalidParameterException",
		"ResourceExistsException", "InternalServiceError"} {
		m.refuse = map[string]refusal{}
		for _, operation := range []string{"PutSecretValue", "CreateSecret"} {
			m.refuse[operation] = refusal{400, code,
				"Value '" + secret + "' at 'secretString' failed to satisfy constraint"}
		}
		for _, id := range []string{"plain", "object#a", "absent", "absent#a"} {
			err := v.Set(t.Context(), id, secret)
			if err == nil {
				t.Errorf("%s: %s was passed over", id, code)
			}
			show(v, err)
		}
	}
	if strings.Contains(shown.String(), secret) ||
		strings.Contains(shown.String(), fmt.Sprintf("%x", secret)) {
		t.Errorf("the secret is shown:\n%s", shown.String())
	}
	if !strings.Contains(shown.String(), "[redacted]") {
		t.Error("nothing was redacted: the test shows nothing")
	}
	if got := fmt.Sprintf("%v %+v %#v %s", v, v, v, v); got != strings.Repeat(" secrets.Manager",
		4)[1:] {
		t.Errorf("the manager is printed as %s", got)
	}
}

func TestManager_Moto(t *testing.T) {
	v := &secrets.Manager{Client: secretsmanager.NewFromConfig(moto.Config(moto.Start(t)))}
	if _, err := v.Get(t.Context(), "kindly-weekly/acme#4217"); err == nil ||
		!strings.Contains(err.Error(), "create it") {
		t.Errorf("a secret that is not there: %v", err)
	}
	for _, set := range []struct{ id, value string }{
		{"kindly-weekly/acme#4217", "one"}, {"kindly-weekly/acme#4218", "two"},
		{"kindly-weekly/acme#4217", "three"}, {"plain", "four"},
	} {
		if err := v.Set(t.Context(), set.id, set.value); err != nil {
			t.Fatal(err)
		}
		get(t, v.Get, set.id, set.value)
	}
	get(t, v.Get, "kindly-weekly/acme#4218", "two")

	// Rotation, by another caller.
	other := &secrets.Manager{Client: v.Client}
	if err := other.Set(t.Context(), "kindly-weekly/acme#4217", "five"); err != nil {
		t.Fatal(err)
	}
	get(t, v.Get, "kindly-weekly/acme#4217", "three")
	v.Now = func() time.Time { return time.Now().Add(2 * time.Minute) }
	get(t, v.Refetch, "kindly-weekly/acme#4217", "five")
}
