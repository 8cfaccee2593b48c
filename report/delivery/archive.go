package delivery

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"time"

	"golang.org/x/sync/errgroup"

	"kindlyweekly/report/config"
	"kindlyweekly/report/figures"
	"kindlyweekly/report/period"
	"kindlyweekly/report/portfolio"
)

// Archive keeps the builds of each week, and which of them counts.
type Archive struct{ Store Store }

// ReportFile is the edition from which every other can be rendered.
const ReportFile = "report.json"

// Manifest says which build of a week counts and what it was made of. It is written last, so all
// files that it names exist.
type Manifest struct {
	Build    string          `json:"build"`    // a hash of the files
	Revision int             `json:"revision"` // from 1
	Job      config.Job      `json:"job"`
	ReportID string          `json:"report_id"` // names the numbers
	TZ       string          `json:"tz"`
	Filters  figures.Filters `json:"filters"`
	Schema   int             `json:"schema"`   // of report.json
	Complete bool            `json:"complete"` // no section is missing
	MadeAt   time.Time       `json:"made_at"`  // when Sage was asked, UTC
	Files    []Entry         `json:"files"`
	Former   []Former        `json:"former,omitempty"` // the builds before, oldest first

	etag string
}

// Entry is a file of a build.
type Entry struct {
	Name string `json:"name"`
	Type string `json:"type"`
}

// Former is a build that counted before. Deliveries that have begun with it are completed with it.
type Former struct {
	Build  string  `json:"build"`
	Schema int     `json:"schema"`
	Files  []Entry `json:"files"`
}

// ForBuild returns the manifest of a build of the week that counts or did, for [Archive.LoadBuild].
func (m Manifest) ForBuild(build string) (Manifest, bool) {
	if m.Build == build {
		return m, true
	}
	for i, f := range m.Former {
		if f.Build == build {
			return Manifest{Build: f.Build, Revision: i + 1, Job: m.Job, Schema: f.Schema,
				Files: f.Files}, true
		}
	}
	return Manifest{}, false
}

// Matches reports whether the build is complete and was made with this time zone, these filters in
// any order and the current schema.
func (m Manifest) Matches(tz string, f figures.Filters) bool {
	same := func(a, b []string) bool {
		return slices.Equal(slices.Sorted(slices.Values(a)), slices.Sorted(slices.Values(b)))
	}
	return m.Complete && m.Schema == figures.Schema && m.TZ == tz &&
		same(m.Filters.Sources, f.Sources) && same(m.Filters.Languages, f.Languages)
}

// Build is the build of a week that counts.
type Build struct {
	Manifest Manifest
	Report   *figures.Report
	Files    []File
}

// Save freezes a report and its editions, among them [ReportFile], as the build that counts.
// replaces is the manifest of the build before; zero if the week has none. If another worker was
// first, its build counts and is returned: send what Save returns.
func (a Archive) Save(ctx context.Context, j config.Job, r *figures.Report, files []File,
	replaces Manifest) (Build, error) {
	m := Manifest{
		Build:    fingerprint(files),
		Revision: replaces.Revision + 1,
		Job:      j,
		ReportID: r.ID,
		TZ:       r.Bot.TZ,
		Filters:  r.Filters,
		Schema:   r.Schema,
		Complete: len(r.Unavailable) == 0,
		MadeAt:   r.FetchedAt,
	}
	if replaces.Build != "" {
		before := Former{Build: replaces.Build, Schema: replaces.Schema, Files: replaces.Files}
		m.Former = append(slices.Clone(replaces.Former), before)
	}
	if !slices.ContainsFunc(files, func(f File) bool { return f.Name == ReportFile }) {
		return Build{}, fmt.Errorf("build of %s: %s is not among its files", j, ReportFile)
	}
	keys := KeysOf(j.Tenant)
	g, inTime := errgroup.WithContext(ctx)
	g.SetLimit(8)
	for _, f := range files {
		m.Files = append(m.Files, Entry{Name: f.Name, Type: f.Type})
		g.Go(func() error {
			key := keys.Edition(j.Bot, j.Period, m.Build, f.Name)
			// No condition: all writers of this key write the same bytes.
			o := Object{Data: f.Data, Type: f.Type}
			if _, err := a.Store.Put(inTime, key, o, Condition{}); err != nil {
				return fmt.Errorf("%s: %w", key, err)
			}
			return nil
		})
	}
	if err := g.Wait(); err != nil {
		return Build{}, err
	}

	key := keys.Manifest(j.Bot, j.Period)
	data, err := json.MarshalIndent(m, "", "  ")
	if err != nil {
		return Build{}, fmt.Errorf("%s: %w", key, err)
	}
	c := Absent()
	if replaces.etag != "" {
		c = Unchanged(replaces.etag)
	}
	m.etag, err = a.Store.Put(ctx, key, Object{Data: data, Type: "application/json"}, c)
	if err != nil {
		// It may have been written all the same. What is there now counts.
		standing, _ := a.Manifest(ctx, j)
		switch {
		case standing.Build == m.Build:
			return Build{Manifest: standing, Report: r, Files: files}, nil
		case errors.Is(err, ErrConflict):
			return a.Load(ctx, j)
		}
		return Build{}, fmt.Errorf("%s: %w", key, err)
	}
	return Build{Manifest: m, Report: r, Files: files}, nil
}

// fingerprint names a build by its content, so that saving it again changes nothing.
func fingerprint(files []File) string {
	h := sha256.New()
	for _, f := range files {
		fmt.Fprintf(h, "%d %s %d ", len(f.Name), f.Name, len(f.Data))
		h.Write(f.Data)
	}
	return hex.EncodeToString(h.Sum(nil)[:8])
}

// Manifest returns the manifest of a week, or ErrNotFound.
func (a Archive) Manifest(ctx context.Context, j config.Job) (Manifest, error) {
	key := KeysOf(j.Tenant).Manifest(j.Bot, j.Period)
	o, err := a.Store.Get(ctx, key)
	if err != nil {
		return Manifest{}, fmt.Errorf("%s: %w", key, err)
	}
	var m Manifest
	if err := json.Unmarshal(o.Data, &m); err != nil {
		return Manifest{}, unreadable{fmt.Errorf("%s: %w", key, err)}
	}
	if m.Job != j {
		return Manifest{}, unreadable{fmt.Errorf("%s is the manifest of %s", key, m.Job)}
	}
	m.etag = o.ETag
	return m, nil
}

// Load returns the build that counts, or ErrNotFound if the week has none.
func (a Archive) Load(ctx context.Context, j config.Job) (Build, error) {
	m, err := a.Manifest(ctx, j)
	if err != nil {
		return Build{}, err
	}
	return a.LoadBuild(ctx, m)
}

// LoadBuild returns the build that a manifest names.
func (a Archive) LoadBuild(ctx context.Context, m Manifest) (b Build, err error) {
	j := m.Job
	b = Build{Manifest: m, Files: make([]File, len(m.Files))}
	g, ctx := errgroup.WithContext(ctx)
	g.SetLimit(8)
	for i, e := range m.Files {
		g.Go(func() error {
			key := KeysOf(j.Tenant).Edition(j.Bot, j.Period, m.Build, e.Name)
			o, err := a.Store.Get(ctx, key)
			if errors.Is(err, ErrNotFound) {
				// Not ErrNotFound: the week has a build.
				return fmt.Errorf("the manifest of %s names %s, which is gone", j, key)
			}
			if err != nil {
				return fmt.Errorf("%s: %w", key, err)
			}
			b.Files[i] = File{Name: e.Name, Type: e.Type, Data: o.Data}
			return nil
		})
	}
	if err := g.Wait(); err != nil {
		return Build{}, err
	}
	for _, f := range b.Files {
		if f.Name == ReportFile {
			if b.Report, err = figures.Decode(f.Data); err != nil {
				return Build{}, fmt.Errorf("build %s of %s: %w", m.Build, j, err)
			}
		}
	}
	if b.Report == nil {
		return Build{}, fmt.Errorf("build %s of %s has no %s", m.Build, j, ReportFile)
	}
	return b, nil
}

// LoadReport returns the report of the named build if that counts or did, else of the build that
// counts. It returns ErrNotFound if the week has none.
func (a Archive) LoadReport(ctx context.Context, j config.Job, build string) (
	*figures.Report, error) {
	m, err := a.Manifest(ctx, j)
	if err != nil {
		return nil, err
	}
	if named, ok := m.ForBuild(build); ok {
		m = named
	}
	key := KeysOf(j.Tenant).Edition(j.Bot, j.Period, m.Build, ReportFile)
	o, err := a.Store.Get(ctx, key)
	if errors.Is(err, ErrNotFound) {
		return nil, unreadable{fmt.Errorf("the manifest of %s names %s, which is gone", j, key)}
	}
	if err != nil {
		return nil, fmt.Errorf("%s: %w", key, err)
	}
	r, err := figures.Decode(o.Data)
	if err != nil {
		return nil, unreadable{fmt.Errorf("build %s of %s: %w", m.Build, j, err)}
	}
	return r, nil
}

// unreadable is an error that no other try can change.
type unreadable struct{ error }

func (u unreadable) Unwrap() error { return u.error }

// Unreadable reports whether an error of [Archive.LoadReport] or [Ledger.Read] is one that no other
// try can change, since what is stored is damaged.
func Unreadable(err error) bool {
	var u unreadable
	return errors.As(err, &u)
}

// Portfolio returns the portfolio of a tenant's bots, or ErrNotFound if the week has none yet.
func (a Archive) Portfolio(ctx context.Context, tenant string,
	w period.Period) (*portfolio.Portfolio, error) {
	key := KeysOf(tenant).Portfolio(w)
	object, err := a.Store.Get(ctx, key)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", key, err)
	}
	o, err := portfolio.Decode(object.Data)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", key, err)
	}
	return o, nil
}

// SavePortfolio freezes the portfolio of a tenant's bots. If another worker was first, its
// portfolio counts and is returned: send what SavePortfolio returns.
func (a Archive) SavePortfolio(ctx context.Context, tenant string,
	o *portfolio.Portfolio) (*portfolio.Portfolio, error) {
	data, err := o.Encode()
	if err != nil {
		return nil, err
	}
	key := KeysOf(tenant).Portfolio(o.Period)
	object := Object{Data: data, Type: "application/json"}
	if _, err = a.Store.Put(ctx, key, object, Absent()); err == nil {
		return o, nil
	}
	// It may have been written all the same. What is there now counts.
	standing, failed := a.Portfolio(ctx, tenant, o.Period)
	if failed == nil {
		return standing, nil
	}
	return nil, fmt.Errorf("%s: %w", key, err)
}

// PortfolioPDF returns the archived document of a portfolio in its language. If there is none yet,
// it calls render and archives the result. If another worker has archived one in the meantime, it
// returns that one, so that all destinations get the same document. The error is that of the store
// or of render.
func (a Archive) PortfolioPDF(
	ctx context.Context, tenant string, o *portfolio.Portfolio,
	render func(*portfolio.Portfolio) ([]byte, error),
) ([]byte, error) {
	name := localesFolder + o.Locale + "/" + PDFFile
	key := KeysOf(tenant).Edition(config.PortfolioID, o.Period, o.ID, name)
	stored, err := a.Store.Get(ctx, key)
	switch {
	case err == nil:
		return stored.Data, nil
	case !errors.Is(err, ErrNotFound):
		return nil, fmt.Errorf("%s: %w", key, err)
	}
	data, err := render(o)
	if err != nil {
		return nil, err
	}
	_, err = a.Store.Put(ctx, key, Object{Data: data, Type: "application/pdf"}, Absent())
	if err == nil {
		return data, nil
	}
	// It may have been written all the same. What is there now counts.
	if stored, failed := a.Store.Get(ctx, key); failed == nil {
		return stored.Data, nil
	}
	return nil, fmt.Errorf("%s: %w", key, err)
}
