"""Runs moto's server, with a CloudFormation that does what AWS's does and moto's does not.

- A template with the transform AWS::Serverless-2016-10-31 becomes what SAM's own code makes of it.
  GetTemplate returns the template as it was given.
- A change set says which resources change because of a parameter, and that nothing changes if only
  the metadata of the template does.
- A stack has the outputs and parameters of the change set that was executed last, and an event for
  each resource.
- A resource of a type that moto does not make exists in name only, so that others can refer to it.
  An SES configuration set is made.
- A resource that moto cannot update stays as it is, such as a log group.
- A bucket policy that denies what comes without TLS lets requests through, which moto takes without.
- If a resource cannot be made, the stack returns to what it was, and the events say why.
"""

import copy
import json
import sys

from moto.cloudformation import models, parsing
from moto.core.common_models import CloudFormationModel
from moto.iam.access_control import IAMPolicyStatement, PermissionResult
from moto.server import main
from moto.ses.models import ses_backends
from samtranslator.translator.transform import transform
from samtranslator.yaml_helper import yaml_parse


def parse(text):
    """Returns a template after SAM's transform, without its metadata."""
    if not isinstance(text, str):
        return copy.deepcopy(text)
    template = yaml_parse(text)
    template.pop("Metadata", None)
    if template.get("Transform") == "AWS::Serverless-2016-10-31":
        template = transform(template, {}, None)
    return json.loads(json.dumps(template))


def plain(value):
    """Returns a parameter as it is typed."""
    return ",".join(value) if isinstance(value, list) else str(value)


def stack_parameters(stack):
    return {k: plain(v) for k, v in stack.resource_map.resolved_parameters.items()}


def changes(change_set):
    old, template = change_set.stack.resource_map, change_set.template_dict
    before = stack_parameters(change_set.stack)
    changed = [k for k, v in change_set.parameters.items() if k in before and before[k] != v]
    actions = {"Add": [], "Modify": [], "Remove": []}
    for name, resource in template["Resources"].items():
        was = old._resource_json_map.get(name)
        refers = parsing.get_references_from_template(resource)
        if was is None:
            actions["Add"].append((name, resource))
        elif was != resource or any(p in refers for p in changed):
            actions["Modify"].append((name, resource))
    for name, resource in old._resource_json_map.items():
        if name not in template["Resources"]:
            actions["Remove"].append((name, resource))
    return [models.Change(action=action, logical_resource_id=name, resource_type=resource["Type"])
            for action, resources in actions.items() for name, resource in resources]


def event(stack, name, kind, status, reason=None):
    resource = stack.resource_map._parsed_resources.get(name)
    e = models.Event(stack_id=stack.stack_id, stack_name=stack.name, logical_resource_id=name,
                     physical_resource_id=getattr(resource, "physical_resource_id", "") or "",
                     resource_type=kind, resource_status=status, resource_status_reason=reason,
                     resource_properties=None)
    stack.events.append(e)


def apply(change_set):
    stack, kind = change_set.stack, change_set.change_set_type
    parameters = {**stack_parameters(stack), **change_set.parameters}
    parameters = {k: v for k, v in parameters.items() if k in change_set.template_dict.get("Parameters", {})}
    for c in change_set.changes:
        if c.action == "Add":  # moto keeps what was removed
            stack.resource_map._parsed_resources.pop(c.logical_resource_id, None)
    stack.resource_map.update(change_set.template_dict, parameters)
    stack.template, stack.template_dict, stack.parameters = change_set.template, change_set.template_dict, parameters
    stack.output_map = models.OutputMap(stack.resource_map, change_set.template_dict, stack.stack_id)
    done = {"Add": "CREATE_COMPLETE", "Modify": "UPDATE_COMPLETE", "Remove": "DELETE_COMPLETE"}
    for c in change_set.changes:
        event(stack, c.logical_resource_id, c.resource_type, done[c.action])


def execute(backend, change_set_name, stack_name=None):
    change_set = next(c for c in backend.change_sets.values()
                      if change_set_name in (c.change_set_id, c.change_set_name) and stack_name in (None, c.stack_name, c.stack_id))
    stack, kind = change_set.stack, change_set.change_set_type
    before = stack.template, stack.template_dict, stack_parameters(stack)
    stack._add_stack_event(kind + "_IN_PROGRESS", resource_status_reason="User Initiated")
    try:
        apply(change_set)
        status = kind + "_COMPLETE"
    except Exception as e:  # as CloudFormation does with whatever a service answers
        name = getattr(e, "resource", stack.name)
        resource = change_set.template_dict["Resources"].get(name, {})
        reason = f"Resource handler returned message: {e}"
        event(stack, name, resource.get("Type", "AWS::CloudFormation::Stack"), kind + "_FAILED", reason)
        prefix = "UPDATE_" if kind == "UPDATE" else ""
        stack._add_stack_event(prefix + "ROLLBACK_IN_PROGRESS", resource_status_reason=f"The following resource(s) failed: [{name}].")
        status = prefix + "ROLLBACK_COMPLETE"
        try:
            if kind == "UPDATE":
                stack.resource_map.update(before[1], before[2])
                stack.template, stack.template_dict, stack.parameters = before
            else:
                stack.resource_map.delete()
        except Exception as e:
            stack._add_stack_event(prefix + "ROLLBACK_FAILED", resource_status_reason=str(e))
            status = prefix + "ROLLBACK_FAILED"
    stack._add_stack_event(status)
    change_set.execution_status = "EXECUTE_COMPLETE"
    stack.status = status


def reviewed(create):
    """Makes the change set for a new stack in the place of the one that is under review."""
    def call(backend, stack_name, *args, **kwargs):
        for stack_id, stack in list(backend.stacks.items()):
            if stack.name == stack_name and stack.status == "REVIEW_IN_PROGRESS":
                del backend.stacks[stack_id]
        return create(backend, stack_name, *args, **kwargs)
    return call


class InName(CloudFormationModel):
    """A resource of a type that moto does not make."""

    __module__ = "moto.cloudformation"  # moto names the service of a model after it

    def __init__(self, name, kind, account_id, region_name):
        self.physical_resource_id = name
        self.arn = f"arn:aws:{kind.split('::')[1].lower()}:{region_name}:{account_id}:{name}"

    @classmethod
    def has_cfn_attr(cls, attr):
        return True

    def get_cfn_attribute(self, attr):
        return self.arn if attr == "Arn" else f"{self.physical_resource_id}.{attr}"

    @classmethod
    def create_from_cloudformation_json(cls, resource_name, cloudformation_json, account_id, region_name, **kwargs):
        kind = cloudformation_json["Type"]
        if kind == "AWS::SES::ConfigurationSet":
            ses_backends[account_id][region_name].create_configuration_set(resource_name)
        return cls(resource_name, kind, account_id, region_name)

    @classmethod
    def update_from_cloudformation_json(cls, original_resource, new_resource_name, cloudformation_json, account_id, region_name):
        return original_resource

    @classmethod
    def delete_from_cloudformation_json(cls, resource_name, cloudformation_json, account_id, region_name):
        pass


def corrected(generate):
    """Has the names of FIFO queues end as SQS requires it, and the environment of a function be texts."""
    def call(logical_id, *args, **kwargs):
        found = generate(logical_id, *args, **kwargs)
        if not found:
            return found
        kind, resource, name = found
        if resource["Properties"].get("FifoQueue") and not name.endswith(".fifo"):
            name += ".fifo"
        if resource["Type"] == "AWS::Lambda::Function":
            variables = resource["Properties"].get("Environment", {}).get("Variables", {})
            variables.update({k: str(v) for k, v in variables.items()})
        return kind, resource, name
    return call


def naming(make):
    """Has an error of make name the resource."""
    def call(logical_id, *args, **kwargs):
        try:
            return make(logical_id, *args, **kwargs)
        except Exception as e:
            if not hasattr(e, "resource"):
                e.resource = logical_id
            raise
    return call


def staying(update):
    """Leaves a resource as it is that moto cannot update."""
    def call(logical_id, resource_json, resources_map, *args, **kwargs):
        before = resources_map[logical_id]
        return update(logical_id, resource_json, resources_map, *args, **kwargs) or before
    return call


def tls(permitted):
    """Takes every request for one that came by TLS."""
    def call(statement, *args, **kwargs):
        if statement._statement.get("Condition") == {"Bool": {"aws:SecureTransport": "false"}}:
            return PermissionResult.NEUTRAL
        return permitted(statement, *args, **kwargs)
    return call


models.Stack.parse_template = staticmethod(parse)
models.Stack.stack_parameters = property(stack_parameters)
models.Stack.parameter_list = property(lambda stack: [
    {"ParameterKey": k, "ParameterValue": v} for k, v in stack_parameters(stack).items()])
models.Stack.has_parameters = lambda stack, given: {**stack_parameters(stack), **given} == stack_parameters(stack)
models.ChangeSet._parse_template = lambda c: setattr(c, "template_dict", parse(c.template))
models.ChangeSet.diff = changes
models.CloudFormationBackend.execute_change_set = execute
models.CloudFormationBackend.create_change_set = reviewed(models.CloudFormationBackend.create_change_set)
IAMPolicyStatement.is_action_permitted = tls(IAMPolicyStatement.is_action_permitted)
made = parsing.resource_class_from_type
parsing.resource_class_from_type = lambda kind: made(kind) or InName
parsing.parse_resource_and_generate_name = corrected(parsing.parse_resource_and_generate_name)
parsing.parse_and_create_resource = naming(parsing.parse_and_create_resource)
parsing.parse_and_update_resource = naming(staying(parsing.parse_and_update_resource))

main(sys.argv[1:])
