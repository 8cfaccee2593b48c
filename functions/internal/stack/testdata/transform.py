"""Prints, as JSON, the CloudFormation template that SAM's own transform makes of the SAM template named on the command line."""

import json
import sys
from pathlib import Path

from samtranslator.translator.transform import transform
from samtranslator.yaml_helper import yaml_parse

template = yaml_parse(Path(sys.argv[1]).read_text())
for resource in template["Resources"].values():
    if resource["Type"] == "AWS::Serverless::Function":
        resource["Properties"]["CodeUri"] = "s3://artifacts/bootstrap.zip"  # as `sam package` leaves it
template["Globals"]["Function"].pop("CodeUri")
json.dump(transform(template, {}, None), sys.stdout, indent=1)
