package sagefake

import (
	"crypto/rand"
	"crypto/subtle"
	"encoding/json"
	"fmt"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"sync"
	"time"
)

// tokenTTL is the lifetime of a token, as at the real service: "ttl": 300.
const tokenTTL = 300 * time.Second

// Server answers as api.kindly.ai and sage.kindly.ai do:
//
//	GET /api/v2/bot/{bot}/sage/auth     Authorization: Bearer {API key}  {"jwt": "...", "ttl": 300}
//	GET /api/v1/stats/bot/{bot}/{path}  Authorization: Bearer {jwt}      {"data": ...}
//
// It refuses with a JSON error: 401 for a key or token that is missing, wrong, expired or another
// bot's; 404 for an unknown bot or path; 405 for another method than GET; 400 for parameters,
// saying which and why.
//
// Set its fields before it serves. It is safe for concurrent use.
type Server struct {
	// Now is the clock by which tokens expire. Every answer has it as its Date. [New] sets it to
	// time.Now.
	Now func() time.Time

	// LanguageParam is the one spelling of the language filter that is read, "language_codes[]" or
	// "language_code[]". The other is ignored, as the real service may do. "" reads both.
	LanguageParam string

	bots []*Bot

	mu       sync.Mutex
	tokens   map[string]token
	faults   []*activeFault
	requests []Request
}

// A token is what a JWT stands for. The server's JWTs are random, since to a client they are
// opaque.
type token struct {
	bot     *Bot
	expires time.Time
}

// A Request is what a client asked of a [Server].
type Request struct {
	Bot string // "" where the path names none
	// "sage/auth", "sessions/chats", …; the whole path where it is neither service's
	Path  string
	Query url.Values // as sent
}

// New returns a server for bots.
func New(bots ...*Bot) *Server {
	return &Server{Now: time.Now, bots: slices.Clone(bots), tokens: make(map[string]token)}
}

// Bots returns the bots, in the order given to [New].
func (s *Server) Bots() []*Bot { return slices.Clone(s.bots) }

// Requests returns all requests so far, oldest first, including those with faults.
func (s *Server) Requests() []Request {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.Clone(s.requests)
}

// ServeHTTP answers one request, or fails as a [Fault] says.
func (s *Server) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	bot, path, auth := route(r.URL.Path)
	s.mu.Lock()
	s.requests = append(s.requests, Request{Bot: bot, Path: path, Query: r.URL.Query()})
	s.mu.Unlock()

	fault := s.fault(bot, r.URL.Path, r.URL.Query().Get("granularity"))
	if !pause(r, fault.Delay) {
		return
	}
	if fault.Drop {
		panic(http.ErrAbortHandler)
	}
	w.Header().Set("Date", s.Now().UTC().Format(http.TimeFormat))
	fault.send(w, r, fault.apply(s.answer(r, bot, s.moved(bot, path), auth)))
}

// route splits a path. auth reports whether it is that of the exchange.
func route(urlPath string) (bot, path string, auth bool) {
	if rest, ok := strings.CutPrefix(urlPath, "/api/v2/bot/"); ok {
		if bot, ok := strings.CutSuffix(rest, "/sage/auth"); ok {
			return bot, "sage/auth", true
		}
	}
	if rest, ok := strings.CutPrefix(urlPath, "/api/v1/stats/bot/"); ok {
		if bot, path, ok := strings.Cut(rest, "/"); ok {
			return bot, path, false
		}
	}
	return "", urlPath, false
}

// A response is an answer, before a fault changes it and it is sent.
type response struct {
	status      int
	contentType string
	body        []byte
}

func answer(status int, v any) response {
	body, err := json.Marshal(v)
	if err != nil {
		panic(fmt.Sprintf("sagefake: %v", err)) // our own types, which encode
	}
	return response{status, "application/json", body}
}

func refuse(status int, reason string) response { return answer(status, failure{reason}) }

func (s *Server) answer(r *http.Request, botID, path string, auth bool) response {
	if r.Method != http.MethodGet {
		return refuse(http.StatusMethodNotAllowed, "only GET is allowed")
	}
	endpoint, known := endpoints[path]
	if !auth && !known && path != "meta/options" {
		return refuse(http.StatusNotFound, "no such path")
	}
	i := slices.IndexFunc(s.bots, func(b *Bot) bool { return b.ID == botID })
	if i < 0 {
		return refuse(http.StatusNotFound, "no such bot")
	}
	bot := s.bots[i]
	credential, ok := strings.CutPrefix(r.Header.Get("Authorization"), "Bearer ")
	if !ok {
		return refuse(http.StatusUnauthorized, "header Authorization: Bearer is missing")
	}
	if auth {
		return s.exchange(bot, credential)
	}
	if !s.admits(bot, credential) {
		return refuse(http.StatusUnauthorized, "the token is unknown, expired or another bot's")
	}
	if path == "meta/options" {
		sources, languages := bot.options()
		return data(filterOptions{sources, languages})
	}
	q, err := parse(r.URL.Query(), s.LanguageParam, endpoint.limit)
	if err != nil {
		return refuse(http.StatusBadRequest, err.Error())
	}
	return data(endpoint.answer(bot, q))
}

func data(v any) response {
	return answer(http.StatusOK, map[string]any{"data": v})
}

// exchange answers with a new token for the bot's key.
func (s *Server) exchange(bot *Bot, key string) response {
	if bot.Key == "" || subtle.ConstantTimeCompare([]byte(key), []byte(bot.Key)) == 0 {
		return refuse(http.StatusUnauthorized, "the API key is not this bot's")
	}
	jwt := rand.Text()
	now := s.Now()
	s.mu.Lock()
	defer s.mu.Unlock()
	maps.DeleteFunc(s.tokens, func(_ string, t token) bool { return !now.Before(t.expires) })
	s.tokens[jwt] = token{bot, now.Add(tokenTTL)}
	return answer(http.StatusOK, map[string]any{"jwt": jwt, "ttl": int(tokenTTL.Seconds())})
}

func (s *Server) admits(bot *Bot, jwt string) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	t, ok := s.tokens[jwt]
	return ok && t.bot == bot && s.Now().Before(t.expires)
}
