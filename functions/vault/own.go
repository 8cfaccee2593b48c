package vault

import (
	"fmt"
	"strings"
)

// Own returns nil if a tenant may name the secret, "id" or "id#field". The functions can read every secret below the
// deployment's prefix, so of those only what is called prefix + tenant, or begins with prefix + tenant + "/", is his own:
// a configuration that named another's would report his statistics, or speak and listen in his Slack. Elsewhere the role
// decides. Without a prefix there is no deployment, and whoever runs the program decides. The error is an *Error.
func Own(prefix, tenant, id string) error {
	name, _, _ := strings.Cut(id, "#")
	if _, resource, isARN := strings.Cut(name, ":secret:"); isARN {
		name = resource // an ARN ends with characters that AWS drew, so it never equals the name
	}
	own := prefix + tenant
	if prefix == "" || !strings.HasPrefix(name, prefix) || name == own || strings.HasPrefix(name, own+"/") {
		return nil
	}
	return &Error{Secret: id, Err: fmt.Errorf("it is not one of %s", tenant), Permanent: true,
		Cure: fmt.Sprintf("keep it in %s#field, or in a secret of its own whose name begins with %[1]s/, and name that in the configuration", own)}
}
