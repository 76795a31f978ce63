// Command foreign runs golang.org/x/oauth2 against a Symbolon server and prints one line of JSON per step.
package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"os"
	"runtime/debug"
	"strings"
	"time"

	"golang.org/x/oauth2"
	"golang.org/x/oauth2/clientcredentials"
)

type row struct {
	Client  string `json:"client"`
	Version string `json:"version"`
	Server  string `json:"server"`
	Step    string `json:"step"`
	Outcome string `json:"outcome"`
	Detail  string `json:"detail,omitempty"`
}

var styles = map[string]oauth2.AuthStyle{
	"detected":            oauth2.AuthStyleAutoDetect,
	"client_secret_basic": oauth2.AuthStyleInHeader,
	"client_secret_post":  oauth2.AuthStyleInParams,
}

func main() {
	for _, name := range []string{"detected", "client_secret_basic", "client_secret_post"} {
		run(name, styles[name])
	}
}

// run goes through the life of a grant with one way to authenticate the client.
func run(name string, style oauth2.AuthStyle) {
	ctx := context.Background()
	issuer := os.Getenv("ISSUER")
	endpoint := oauth2.Endpoint{AuthURL: issuer + "/oauth/authorize", TokenURL: issuer + "/oauth/token", AuthStyle: style}
	config := &oauth2.Config{
		ClientID:     os.Getenv("CLIENT_ID"),
		ClientSecret: os.Getenv("CLIENT_SECRET"),
		RedirectURL:  os.Getenv("REDIRECT_URI"),
		Scopes:       []string{"payroll:read"},
		Endpoint:     endpoint,
	}
	verifier := oauth2.GenerateVerifier()
	var location *url.URL
	var token *oauth2.Token

	report(name, "authorize", func() (err error) {
		location, err = allow(config.AuthCodeURL("the state", oauth2.S256ChallengeOption(verifier)))
		if err == nil && location.Query().Get("state") != "the state" {
			err = fmt.Errorf("state %q", location.Query().Get("state"))
		}
		return err
	})
	report(name, "redeem", func() (err error) {
		token, err = config.Exchange(ctx, location.Query().Get("code"), oauth2.VerifierOption(verifier))
		return errors.Join(err, needsActive(token))
	})
	report(name, "refresh", func() error {
		expired := &oauth2.Token{RefreshToken: token.RefreshToken, Expiry: time.Now().Add(-time.Hour)}
		fresh, err := config.TokenSource(ctx, expired).Token()
		if err == nil && fresh.RefreshToken == token.RefreshToken {
			err = errors.New("the refresh token was not rotated")
		}
		return errors.Join(err, needsActive(fresh))
	})
	report(name, "client credentials", func() error {
		machine := clientcredentials.Config{
			ClientID: config.ClientID, ClientSecret: config.ClientSecret, TokenURL: endpoint.TokenURL, AuthStyle: style,
		}
		issued, err := machine.Token(ctx)
		return errors.Join(err, needsActive(issued))
	})
	report(name, "error answer", func() error {
		_, err := config.Exchange(ctx, "made-up", oauth2.VerifierOption(verifier))
		var failed *oauth2.RetrieveError
		if !errors.As(err, &failed) || failed.ErrorCode != "invalid_grant" {
			return fmt.Errorf("expected invalid_grant, got %v", err)
		}
		return nil
	})
}

func report(style, step string, work func() error) {
	err := func() (err error) {
		defer func() {
			if cause := recover(); cause != nil {
				err = fmt.Errorf("panic: %v", cause)
			}
		}()
		return work()
	}()
	line := row{Client: "golang.org/x/oauth2", Version: version(), Server: "symbolon, " + style, Step: step, Outcome: "works"}
	if err != nil {
		line.Outcome, line.Detail = "fails", err.Error()
	}
	text, _ := json.Marshal(line)
	fmt.Println(string(text))
}

func version() string {
	if info, ok := debug.ReadBuildInfo(); ok {
		for _, module := range info.Deps {
			if module.Path == "golang.org/x/oauth2" {
				return strings.TrimPrefix(module.Version, "v")
			}
		}
	}
	return "unknown"
}

// allow signs in and allows, as the user does, and returns the URL of the final redirect.
func allow(authorizationURL string) (*url.URL, error) {
	answer, err := http.Get(os.Getenv("BROWSER") + "/allow?" + url.Values{"url": {authorizationURL}}.Encode())
	if err != nil {
		return nil, err
	}
	defer answer.Body.Close()
	var found struct{ Location string }
	if err := json.NewDecoder(answer.Body).Decode(&found); err != nil {
		return nil, err
	}
	return url.Parse(found.Location)
}

// needsActive asks the server, as a resource server does, whether the access token is active.
func needsActive(token *oauth2.Token) error {
	if token == nil {
		return errors.New("no token")
	}
	form := url.Values{"token": {token.AccessToken}}
	request, err := http.NewRequest("POST", os.Getenv("ISSUER")+"/oauth/introspect", strings.NewReader(form.Encode()))
	if err != nil {
		return err
	}
	request.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	request.SetBasicAuth(os.Getenv("RESOURCE_SERVER_ID"), os.Getenv("RESOURCE_SERVER_SECRET"))
	answer, err := http.DefaultClient.Do(request)
	if err != nil {
		return err
	}
	defer answer.Body.Close()
	body, err := io.ReadAll(answer.Body)
	if err == nil && !strings.Contains(string(body), `"active":true`) {
		err = fmt.Errorf("not active: %s", body)
	}
	return err
}
