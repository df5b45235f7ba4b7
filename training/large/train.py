"""Train one stage of the large reader, on public questions or on cases with public ones among them.

    python -m training.large.train public --base all-mpnet-base-v2 --out runs/large/public1
    python -m training.large.train main --base all-mpnet-base-v2 --start runs/large/public1 --cases runs/large/cases \
--out runs/large/main1

The backbone computes in bfloat16; float32 masters of its weights are what the optimiser moves. The embeddings and the
lowest layers stay as they are: they take a sixth of the time for a quarter of the layers. A stage that was stopped goes
on from its last checkpoint.
"""

import argparse
import json
import logging
import random
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import torch
from tokenizers import Tokenizer
from torch import Tensor, nn

from training.large.examples import Bundle, encode, steps
from training.large.mix import main_bundles, public_bundles
from training.large.model import LOSSES, JointNetwork, joint_losses
from training.reader import WEIGHTS, reading_tokenizer

CHECKPOINT = "checkpoint.pt"
LOGGED_STEPS = 20

log = logging.getLogger("large")


@dataclass(frozen=True)
class Settings:
    """How one stage is trained; rates rise over ``warm_up`` minutes, and fall linearly to ``last`` of themselves."""

    rate: float = 6e-5
    head_rate: float = 3e-4
    views_a_step: int = 48
    minutes: float = 25.0
    warm_up: float = 1.5
    last: float = 0.0
    frozen: int = 3
    """The lowest layers that stay as they are, like the embeddings."""
    checkpoint_minutes: float = 4.0

    def share(self, minutes: float) -> float:
        """Of the rates, after so many minutes."""
        risen = min(1.0, (minutes + 0.05) / self.warm_up)
        return risen * (1 - (1 - self.last) * min(1.0, minutes / self.minutes))


class Masters:
    """Float32 masters of what moves in a model, with their AdamW (Loshchilov and Hutter 2019).

    Making them turns the model's backbone to bfloat16. They are in the order of ``JointNetwork.named_parameters``.
    """

    def __init__(self, model: JointNetwork, settings: Settings) -> None:
        backbone = model.backbone
        fixed: list[nn.Module] = [backbone.words, backbone.positions, backbone.relative]
        fixed += [*backbone.layers[: settings.frozen], *([backbone.norm] if settings.frozen else [])]
        for part in fixed:
            part.requires_grad_(False)
        self.low = [p for p in backbone.parameters() if p.requires_grad]
        self.high = [p.detach().float().clone() for p in self.low]
        self.heads = [*model.tokens.parameters(), *model.views.parameters()]
        backbone.bfloat16()
        self._rates = (settings.rate, settings.rate, settings.head_rate)
        self.optimizer = torch.optim.AdamW(
            [
                {"params": [p for p in self.high if p.dim() > 1], "weight_decay": 0.01},
                {"params": [p for p in self.high if p.dim() <= 1], "weight_decay": 0.0},
                {"params": self.heads, "weight_decay": 0.0},
            ],
            betas=(0.9, 0.98),
            fused=True,
        )

    def step(self, share: float) -> None:
        """One update from the gradients at a share of the rates; the gradients are gone then."""
        for group, rate in zip(self.optimizer.param_groups, self._rates, strict=True):
            group["lr"] = rate * share
        for low, high in zip(self.low, self.high, strict=True):
            high.grad = None if low.grad is None else low.grad.float()
        nn.utils.clip_grad_norm_([*self.high, *self.heads], 1.0, foreach=True)
        self.optimizer.step()
        with torch.no_grad():
            for low, high in zip(self.low, self.high, strict=True):
                low.copy_(high)
        for p in (*self.low, *self.high, *self.heads):
            p.grad = None

    def weights(self, model: JointNetwork) -> dict[str, Tensor]:
        """The model's weights in float32: the masters where there are, else what stays as it is."""
        masters = self._by_id()
        return {name: masters.get(id(p), p).detach().float().clone() for name, p in model.named_parameters()}

    def load(self, weights: dict[str, Tensor], model: JointNetwork) -> None:
        """Put weights into masters and model."""
        masters = self._by_id()
        with torch.no_grad():
            for name, p in model.named_parameters():
                p.copy_(weights[name])
                if id(p) in masters:
                    masters[id(p)].copy_(weights[name])

    def _by_id(self) -> dict[int, Tensor]:
        return {id(low): high for low, high in zip(self.low, self.high, strict=True)}


def train(model: JointNetwork, tokenizer: Tokenizer, bundles: Sequence[Bundle], out: Path, settings: Settings) -> None:
    """One pass over ``bundles``, or the minutes, whichever ends first; leaves ``WEIGHTS`` and ``loss.jsonl``."""
    out.mkdir(parents=True, exist_ok=True)
    masters = Masters(model, settings)
    plan = list(steps(bundles, settings.views_a_step))
    done, spent = 0, 0.0
    checkpoint = out / CHECKPOINT
    if checkpoint.exists():
        saved = torch.load(checkpoint)
        masters.load(saved["model"], model)
        masters.optimizer.load_state_dict(saved["optimizer"])
        done, spent = saved["step"], saved["minutes"]
        log.info("going on from step %d, minute %.1f", done, spent)
    saved_at = logged_at = time.monotonic()
    began = saved_at - 60 * spent
    sums = dict.fromkeys(LOSSES, 0.0)
    tokens = summed = 0
    model.train()
    for number in range(done, len(plan)):
        minutes = (time.monotonic() - began) / 60
        if minutes >= settings.minutes:
            break
        share = settings.share(minutes)
        encoded = [[encode(tokenizer, group.question, view) for view in group.views] for group in plan[number]]
        losses = joint_losses(model, encoded)
        torch.stack([LOSSES[name] * loss for name, loss in losses.items()]).sum().backward()
        masters.step(share)

        summed += 1
        tokens += sum(len(view.ids) for group in encoded for view in group)
        for name, loss in losses.items():
            sums[name] += loss.item()
        now = time.monotonic()
        if summed == LOGGED_STEPS:
            row = {"step": number + 1, "of": len(plan), "minutes": round((now - began) / 60, 2), "share": share}
            row |= {name: round(total / summed, 4) for name, total in sums.items()}
            row["tokens_a_second"] = round(tokens / (now - logged_at))
            log.info("%s", row)
            with (out / "loss.jsonl").open("a") as lines:
                lines.write(json.dumps(row) + "\n")
            sums = dict.fromkeys(LOSSES, 0.0)
            tokens = summed = 0
            logged_at = now
        if now - saved_at >= 60 * settings.checkpoint_minutes:
            state = {"model": masters.weights(model), "optimizer": masters.optimizer.state_dict()}
            torch.save(state | {"step": number + 1, "minutes": (now - began) / 60}, out / "checkpoint.tmp")
            (out / "checkpoint.tmp").replace(checkpoint)
            saved_at = time.monotonic()
    torch.save(masters.weights(model), out / WEIGHTS)
    checkpoint.unlink(missing_ok=True)


def main() -> None:
    """Train one stage."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("stage", choices=("public", "main"))
    parser.add_argument("--data", type=Path, default=Path("../shared/data"))
    parser.add_argument("--base", type=Path, required=True, help="folder of all-mpnet-base-v2")
    parser.add_argument("--start", type=Path, help="folder of the stage to begin from")
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--layers", type=int, default=8, help="the first layers that are kept")
    parser.add_argument("--rounded-words", action="store_true", help="begin by rounding word vectors to four bits")
    parser.add_argument("--public-mix", type=float, default=0.4, help="public stage: share of the mix of questions")
    parser.add_argument("--cases", type=Path, help="main stage: folder of what training.large.mine wrote")
    parser.add_argument("--films", type=int, default=1800, help="main stage: film questions in a pass")
    parser.add_argument("--passes", type=int, default=1, help="main stage: passes over the folders")
    parser.add_argument("--focus", default="", help="main stage: the kind of question that the folders have all of")
    parser.add_argument("--others", type=float, default=1.0, help="main stage: share of their other questions then")
    parser.add_argument("--public-share", type=float, default=0.16, help="main stage: share of public questions")
    parser.add_argument("--rate", type=float, default=Settings.rate)
    parser.add_argument("--head-rate", type=float, default=Settings.head_rate)
    parser.add_argument("--last", type=float, default=Settings.last, help="share of the rates that is left at the end")
    parser.add_argument("--warm-up", type=float, default=Settings.warm_up, help="minutes")
    parser.add_argument("--minutes", type=float, default=Settings.minutes)
    parser.add_argument("--views", type=int, default=Settings.views_a_step, help="views in a step")
    parser.add_argument("--frozen", type=int, default=Settings.frozen, help="lowest layers that stay as they are")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--threads", type=int, default=1, help="the recipe's minutes are those of one")
    options = parser.parse_args()
    if options.stage == "main" and options.cases is None:
        parser.error("the stage main needs --cases")
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(message)s")
    torch.set_num_threads(options.threads)
    rng = random.Random(options.seed)
    start = options.start and options.start / WEIGHTS
    model = JointNetwork.from_base(options.base, options.layers, start, rounded_words=options.rounded_words)
    public = options.data / "reading" / "train"
    if options.stage == "public":
        bundles = public_bundles(public, options.public_mix, rng)
    else:
        bundles = main_bundles(
            options.cases,
            public,
            rng,
            passes=options.passes,
            films=options.films,
            public_share=options.public_share,
            focus=options.focus,
            others=options.others,
        )
    log.info("%d bundles, %d views", len(bundles), sum(len(group.views) for bundle in bundles for group in bundle))
    settings = Settings(
        rate=options.rate,
        head_rate=options.head_rate,
        views_a_step=options.views,
        minutes=options.minutes,
        warm_up=options.warm_up,
        last=options.last,
        frozen=options.frozen,
    )
    train(model, reading_tokenizer(options.base), bundles, options.out, settings)


if __name__ == "__main__":
    main()
