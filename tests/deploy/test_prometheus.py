"""The alerts: as they are documented, about metrics that exist, and going off when they should."""

import re
import subprocess

import pytest
import yaml
from prometheus_client import REGISTRY

from rplay.runtime import metrics  # noqa: F401  # which are registered with it
from tests.live import ROOT
from tests.programs import program

RULES = ROOT / "deploy/prometheus/rplay.rules.yml"
ALERTS = yaml.safe_load(RULES.read_text(encoding="utf-8"))["groups"][0]["rules"]

GONE_OFF = """
rule_files: [{rules}]
evaluation_interval: 1m
tests:
  - interval: 1m
    input_series:
      - {{series: 'up{{job="rplay", instance="a"}}', values: '1 1 0 0 0'}}
      - {{series: 'rplay_requests_total{{status="500", route="/x"}}', values: '0+1x30'}}
      - {{series: 'rplay_requests_total{{status="503", route="/api/health/ready", instance="a"}}', values: '0+6x30'}}
      - {{series: 'rplay_ai_breaker{{provider="openai", agent="client"}}', values: '2x30'}}
      - {{series: 'rplay_ai_breaker{{provider="azure", agent="client"}}', values: '1x30'}}
    alert_rule_test:
      - {{eval_time: 2m, alertname: RplayDown}}
      - eval_time: 4m
        alertname: RplayDown
        exp_alerts:
          - exp_labels: {{severity: page, job: rplay, instance: a}}
            exp_annotations: {{summary: a does not answer}}
      - eval_time: 20m
        alertname: RplayErrors
        exp_alerts: [{{exp_labels: {{severity: page}}, exp_annotations: {{summary: Requests end in 500}}}}]
      - eval_time: 20m
        alertname: RplayNotReady
        exp_alerts:
          - exp_labels: {{severity: page, instance: a}}
            exp_annotations: {{summary: a says of itself that it cannot serve}}
      - eval_time: 20m
        alertname: RplayProviderLeftAlone
        exp_alerts:
          - exp_labels: {{severity: page, provider: openai}}
            exp_annotations: {{summary: openai fails again and again}}
      - {{eval_time: 20m, alertname: RplayNoVoice}}
"""


def promtool(*words):
    done = subprocess.run([program("promtool"), *words], capture_output=True, text=True, check=False, timeout=60)
    assert done.returncode == 0, done.stdout + done.stderr


def test_prometheus_reads_them():
    promtool("check", "rules", str(RULES))


def test_they_go_off_when_they_should(tmp_path):
    (tmp_path / "tests.yml").write_text(GONE_OFF.format(rules=RULES))
    promtool("test", "rules", str(tmp_path / "tests.yml"))


@pytest.mark.parametrize("alert", ALERTS, ids=lambda alert: alert["alert"])
def test_each_is_documented_as_it_is(alert):
    minutes = alert["for"].removesuffix("m")
    row = f"| {alert['alert']}: `{alert['expr']}` for {minutes} min |"
    assert row in (ROOT / "docs/operations.md").read_text(encoding="utf-8")


def test_they_are_about_metrics_that_exist():
    asked = {name for alert in ALERTS for name in re.findall(r"rplay_\w+", alert["expr"])}
    there = {sample.name for family in REGISTRY.collect() for sample in family.samples}
    # One with labels has no samples yet: its name, with what counters and histograms put behind theirs.
    there |= {
        family.name + end
        for family in REGISTRY.collect()
        for end in {"counter": ["_total"], "histogram": ["_bucket"], "gauge": [""]}.get(family.type, [])
    }
    assert asked <= there
