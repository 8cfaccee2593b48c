package store_test

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"fmt"
	"maps"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"regexp"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/aws/ratelimit"
	"github.com/aws/aws-sdk-go-v2/aws/retry"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/aws-sdk-go-v2/service/s3/types"

	"kindlyweekly/functions/aws/store"
	"kindlyweekly/functions/internal/s3fake"
	"kindlyweekly/report/delivery"
	"kindlyweekly/report/delivery/storetest"
)

// client is S3's client for a server of the test's, which does not wait long before it repeats a
// request.
func client(url string) *s3.Client {
	return s3.New(s3.Options{
		BaseEndpoint: &url,
		UsePathStyle: true,
		Region:       "eu-north-1",
		Credentials: aws.CredentialsProviderFunc(func(context.Context) (aws.Credentials, error) {
			return aws.Credentials{AccessKeyID: "test", SecretAccessKey: "test"}, nil
		}),
		Retryer: retry.NewStandard(func(o *retry.StandardOptions) {
			o.Backoff = retry.BackoffDelayerFunc(func(int, error) (time.Duration,
				error) {
				return time.Millisecond, nil
			})
			o.RateLimiter = ratelimit.None
		}),
	})
}

// serve runs a bucket with the faults, which may be nil, until the test ends.
func serve(t *testing.T, faults func(*http.Request) s3fake.Fault) (url string) {
	server := httptest.NewServer(&s3fake.Server{Bucket: "weekly", Faults: faults, Page: 10})
	t.Cleanup(server.Close)
	return server.URL
}

func TestS3_Contract(t *testing.T) {
	storetest.Run(t, func(t *testing.T) delivery.Store {
		url := serve(t, nil)
		return store.S3{Client: client(url), Bucket: "weekly"}
	})
}

func TestS3_Limit(t *testing.T) {
	s := client(serve(t, nil))
	storetest.Limits(t, store.S3{Client: s, Bucket: "weekly"}, func(key string, data []byte) {
		if _, err := s.PutObject(t.Context(),
			&s3.PutObjectInput{Bucket: aws.String("weekly"), Key: &key,
				Body: bytes.NewReader(data)}); err != nil {
			t.Fatal(err)
		}
	})
}

// Every third conditional Put is told that another is under way, every fifth is done and its answer
// s3fake.Lost, and every seventh meets an internal error.
func TestS3_Faults(t *testing.T) {
	storetest.Faulty(t, func(t *testing.T) delivery.Store {
		var puts atomic.Int64
		url := serve(t, func(r *http.Request) s3fake.Fault {
			if r.Method != http.MethodPut {
				return s3fake.None
			}
			switch n := puts.Add(1); {
			case n%3 == 0 && r.Header.Get("If-None-Match")+r.Header.Get("If-Match") != "":
				return s3fake.Conflict
			case n%5 == 0:
				return s3fake.Lost
			case n%7 == 0:
				return s3fake.Internal
			}
			return s3fake.None
		})
		return store.S3{Client: client(url), Bucket: "weekly"}
	})
}

// One Put, and what S3 does to its attempts, one after the other.
func TestS3Put(t *testing.T) {
	for _, c := range []struct {
		name   string
		faults []s3fake.Fault
		holds  string // beforehand
		cond   func(etag string) delivery.Condition
		want   error
		after  string
	}{
		{"lost answer, absent", []s3fake.Fault{s3fake.Lost}, "", absent, nil, "mine"},
		{"lost answer, unchanged", []s3fake.Fault{s3fake.Lost}, "before", delivery.Unchanged, nil,
			"mine"},
		{"two lost answers", []s3fake.Fault{s3fake.Lost, s3fake.Lost}, "before", delivery.Unchanged,
			nil, "mine"},
		{"lost answer, and replaced since", []s3fake.Fault{s3fake.Lost, s3fake.Overtake}, "before",
			delivery.Unchanged, errUnclear, "theirs"},
		{"internal error, and an object was there", []s3fake.Fault{s3fake.Internal}, "before",
			absent, errUnclear, "before"},
		{"409 and then free", []s3fake.Fault{s3fake.Conflict, s3fake.Conflict, s3fake.Conflict}, "",
			absent, nil, "mine"},
		{"409 and then taken", []s3fake.Fault{s3fake.Conflict, s3fake.Overtake}, "", absent,
			delivery.ErrConflict, "theirs"},
		{"409 and then changed", []s3fake.Fault{s3fake.Conflict, s3fake.Overtake}, "before",
			delivery.Unchanged, delivery.ErrConflict, "theirs"},
		{"409 for ever", []s3fake.Fault{s3fake.Conflict, s3fake.Conflict, s3fake.Conflict,
			s3fake.Conflict, s3fake.Conflict, s3fake.Conflict, s3fake.Conflict, s3fake.Conflict,
			s3fake.Conflict}, "", absent, errOther, ""},
		{"the same written by another process", []s3fake.Fault{s3fake.OvertakeSame}, "", absent,
			delivery.ErrConflict, "mine"},
		{"internal error, and then done", []s3fake.Fault{s3fake.Internal, s3fake.Internal}, "",
			absent, nil, "mine"},
		{"forbidden", []s3fake.Fault{s3fake.Forbidden}, "", absent, errOther, ""},
		{"forbidden, unchanged", []s3fake.Fault{s3fake.Forbidden}, "before", delivery.Unchanged,
			errOther, "before"},
		{"changed", nil, "before",
			func(string) delivery.Condition { return delivery.Unchanged(`"older"`) },
			delivery.ErrConflict, "before"},
		{"gone", nil, "", delivery.Unchanged, delivery.ErrConflict, ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			var faults []s3fake.Fault
			url := serve(t, func(r *http.Request) s3fake.Fault {
				if r.Method != http.MethodPut || len(faults) == 0 {
					return s3fake.None
				}
				f := faults[0]
				faults = faults[1:]
				return f
			})
			store := store.S3{Client: client(url), Bucket: "weekly"}
			etag := `"none"`
			if c.holds != "" {
				var err error
				if etag, err = store.Put(t.Context(), "acme/k",
					delivery.Object{Data: []byte(c.holds)}, delivery.Condition{}); err != nil {
					t.Fatal(err)
				}
			}
			faults = c.faults
			etag, err := store.Put(t.Context(), "acme/k", delivery.Object{Data: []byte("mine")},
				c.cond(etag))
			switch unclear := err != nil && strings.Contains(err.Error(),
				"it may have been written"); {
			case c.want != errOther && c.want != errUnclear:
				if !errors.Is(err, c.want) {
					t.Errorf("got %v, want %v", err, c.want)
				}
			case err == nil || errors.Is(err, delivery.ErrConflict) ||
				unclear != (c.want == errUnclear):
				t.Errorf("got %v, want %v", err, c.want)
			}
			o, getErr := store.Get(t.Context(), "acme/k")
			if c.after == "" && !errors.Is(getErr, delivery.ErrNotFound) ||
				string(o.Data) != c.after {
				t.Errorf("holds %q, %v, want %q", o.Data, getErr, c.after)
			}
			if err == nil && etag != o.ETag {
				t.Errorf("ETag %s, but it has %s", etag, o.ETag)
			}
		})
	}
}

// After a lost answer the Put looks whose object it is. Where that is refused, the error has both
// causes.
func TestS3Put_LookRefused(t *testing.T) {
	lost := []s3fake.Fault{s3fake.Lost}
	store := store.S3{Bucket: "weekly", Client: client(serve(t,
		func(r *http.Request) (f s3fake.Fault) {
			switch {
			case r.Method == http.MethodHead:
				return s3fake.Forbidden
			case len(lost) > 0:
				f, lost = lost[0], nil
			}
			return f
		}))}
	_, err := store.Put(t.Context(), "acme/k", delivery.Object{Data: []byte("mine")},
		delivery.Absent())
	if err == nil || errors.Is(err, delivery.ErrConflict) {
		t.Fatalf("got %v", err)
	}
	for _, part := range []string{"it may have been written", "PreconditionFailed", "Forbidden"} {
		if !strings.Contains(err.Error(), part) {
			t.Errorf("%q is missing in: %v", part, err)
		}
	}
}

var (
	errOther   = errors.New("an error other than a conflict")
	errUnclear = errors.New("an error that says that it may have been written")
)

func absent(string) delivery.Condition { return delivery.Absent() }

// ETags are those that Put and Get return, over several pages.
func TestS3_ETags(t *testing.T) {
	s := store.S3{Client: client(serve(t, nil)), Bucket: "weekly"}
	want := make(map[string]string)
	for i := range 25 {
		key := fmt.Sprintf("config/t%d.yaml", i)
		etag, err := s.Put(t.Context(), key, delivery.Object{Data: []byte(key)}, absent(key))
		if err != nil {
			t.Fatal(err)
		}
		want[key] = etag
	}
	if _, err := s.Put(t.Context(), "configs/x", delivery.Object{}, absent("")); err != nil {
		t.Fatal(err)
	}
	got, err := s.ETags(t.Context(), "config/")
	if err != nil || !maps.Equal(got, want) {
		t.Errorf("%v, %v; want %v", got, err, want)
	}
	if o, err := s.Get(t.Context(), "config/t7.yaml"); err != nil || o.ETag != got["config/t7.yaml"] {
		t.Errorf("Get has %q, ETags %q; %v", o.ETag, got["config/t7.yaml"], err)
	}
}

// An error names the key and the bucket.
func TestS3_Error(t *testing.T) {
	url := serve(t, func(*http.Request) s3fake.Fault { return s3fake.Forbidden })
	store := store.S3{Client: client(url), Bucket: "weekly"}
	_, get := store.Get(t.Context(), "acme/k")
	_, put := store.Put(t.Context(), "acme/k", delivery.Object{}, delivery.Absent())
	_, list := store.List(t.Context(), "acme/k/")
	_, clock := store.Time(t.Context())
	if clock == nil || !strings.Contains(clock.Error(), "weekly") ||
		!strings.Contains(clock.Error(), "AccessDenied") {
		t.Errorf("got %v", clock)
	}
	for _, err := range []error{get, put, list} {
		if err == nil || !strings.Contains(err.Error(), "acme/k") ||
			!strings.Contains(err.Error(), "weekly") ||
			!strings.Contains(err.Error(), "AccessDenied") {
			t.Errorf("got %v", err)
		}
		if errors.Is(err, delivery.ErrNotFound) || errors.Is(err, delivery.ErrConflict) {
			t.Errorf("forbidden is taken for something else: %v", err)
		}
	}
}

// A Put sends the headers of its condition and of its type, and none that is empty.
func TestS3Put_Headers(t *testing.T) {
	var sent http.Header
	store := store.S3{Bucket: "weekly", Client: client(serve(t, func(r *http.Request) s3fake.Fault {
		if r.Method == http.MethodPut {
			sent = r.Header
		}
		return s3fake.None
	}))}
	for _, c := range []struct {
		condition        delivery.Condition
		kind             string
		noneMatch, match []string
		typed            []string
	}{
		{delivery.Absent(), "application/pdf", []string{"*"}, nil, []string{"application/pdf"}},
		{delivery.Unchanged(`"e"`), "", nil, []string{`"e"`}, []string{"application/octet-stream"}},
		{delivery.Condition{}, "text/html", nil, nil, []string{"text/html"}},
	} {
		_, _ = store.Put(t.Context(), "acme/k", delivery.Object{Data: []byte("x"), Type: c.kind},
			c.condition)
		if got := sent["If-None-Match"]; !slices.Equal(got, c.noneMatch) {
			t.Errorf("%+v: If-None-Match %q", c, got)
		}
		if got := sent["If-Match"]; !slices.Equal(got, c.match) {
			t.Errorf("%+v: If-Match %q", c, got)
		}
		if got := sent["Content-Type"]; !slices.Equal(got, c.typed) {
			t.Errorf("%+v: Content-Type %q", c, got)
		}
	}
	if o, err := store.Get(t.Context(), "acme/k"); err != nil || o.Type != "text/html" {
		t.Errorf("the type is %q, %v", o.Type, err)
	}
}

// The time is what S3's answer says. An answer that does not say it is an error, and not a time.
func TestS3_Time(t *testing.T) {
	at := time.Date(2026, time.November, 16, 7, 30, 5, 0, time.UTC)
	for date, want := range map[string]time.Time{
		at.Format(http.TimeFormat): at,
		"":                         {},
		"soon":                     {},
	} {
		server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			w.Header()["Date"] = nil
			if date != "" {
				w.Header().Set("Date", date)
			}
			(&s3fake.Server{Bucket: "weekly"}).ServeHTTP(w, r)
		}))
		got, err := store.S3{Client: client(server.URL), Bucket: "weekly"}.Time(t.Context())
		server.Close()
		if !got.Equal(want) || (err == nil) != !want.IsZero() {
			t.Errorf("Date %q: %v, %v", date, got, err)
		}
		if err != nil && !strings.Contains(err.Error(), "the answer has no Date") {
			t.Errorf("Date %q: %v", date, err)
		}
	}
}

// Moto is an S3 by other authors. Its conditional writes are not atomic, so it judges the
// operations only.
func TestS3_Moto(t *testing.T) {
	c := client(moto(t))
	n := 0
	storetest.Operations(t, func(t *testing.T) delivery.Store {
		n++
		bucket := "weekly-" + string(rune('a'+n))
		if _, err := c.CreateBucket(t.Context(), &s3.CreateBucketInput{
			Bucket:                    &bucket,
			CreateBucketConfiguration: &types.CreateBucketConfiguration{LocationConstraint: types.BucketLocationConstraintEuNorth1},
		}); err != nil {
			t.Fatal(err)
		}
		return store.S3{Client: c, Bucket: bucket}
	})
}

// moto starts moto's server and returns where it is.
func moto(t *testing.T) (url string) {
	t.Helper()
	const program = "../../../.venv/bin/moto_server"
	if _, err := os.Stat(program); err != nil {
		if os.Getenv("CI") == "true" {
			t.Fatalf("%s is missing: run .ci/tools", program)
		}
		t.Skipf("%s is missing: make test installs it", program)
	}
	server := exec.Command(program, "-H", "127.0.0.1", "-p", "0")
	server.Env = append(os.Environ(), "PYTHONUNBUFFERED=1")
	out, err := server.StderrPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := server.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		_ = server.Process.Kill()
		_ = server.Wait()
	})
	var said strings.Builder
	for lines := bufio.NewScanner(out); lines.Scan(); {
		said.WriteString(lines.Text() + "\n")
		if url := regexp.MustCompile(`http://127\.0\.0\.1:\d+`).FindString(lines.Text()); url != "" {
			go func() { // it writes a line for each request, which the test has to read
				for lines.Scan() {
				}
			}()
			return url
		}
	}
	t.Fatalf("moto did not start: %s", said.String())
	return ""
}
