"""What a student is told: its teacher's probabilities, similarities, margins or hidden states."""

from __future__ import annotations

import torch


def soft_labels_loss(
    student: torch.Tensor, teacher: torch.Tensor, temperature: float
) -> torch.Tensor:
    """KL divergence of the student's softened probabilities from the teacher's.

    loss = T^2 * mean over rows of KL(softmax(teacher / T) || softmax(student / T)). T^2 keeps the
    gradients as large as those of cross-entropy, whatever the temperature.

    Args:   student, teacher: (n, classes) float logits. temperature: T, above 0.
    Source: Hinton et al. 2015, arXiv:1503.02531.
    """
    told = torch.log_softmax(teacher.float() / temperature, dim=1)
    said = torch.log_softmax(student.float() / temperature, dim=1)
    return temperature**2 * torch.nn.functional.kl_div(
        said, told, reduction="batchmean", log_target=True
    )


def soft_topics_loss(
    student: torch.Tensor, teacher: torch.Tensor, temperature: float
) -> torch.Tensor:
    """The same for labels of which several may hold: KL of each yes or no, summed over topics.

    Args: student, teacher: (n, topics) float logits. temperature: T, above 0.
    """
    told_logits, softened = teacher.float() / temperature, student.float() / temperature
    told = torch.sigmoid(told_logits)
    cross = torch.nn.functional.binary_cross_entropy_with_logits(softened, told, reduction="none")
    # Of probabilities the library has none that is safe under autocast; this is the same.
    entropy = torch.nn.functional.binary_cross_entropy_with_logits(
        told_logits, told, reduction="none"
    )
    return temperature**2 * (cross - entropy).sum(dim=1).mean()


def soft_similarity_loss(
    student: torch.Tensor, teacher: torch.Tensor, temperature: float
) -> torch.Tensor:
    """Passages of a batch must be as alike to a question as the teacher finds them.

    loss = mean over questions of KL(softmax(teacher / T) || softmax(student / T)) over the passages
    of the batch. Cosines need a temperature far below 1, and T^2 would make the loss vanish: so it
    is left out.

    Args:   student, teacher: (questions, passages) float, cosines. temperature: T, above 0.
    Source: after Fang et al. 2021, arXiv:2101.04731 (SEED).
    """
    told = torch.log_softmax(teacher.float() / temperature, dim=1)
    said = torch.log_softmax(student.float() / temperature, dim=1)
    return torch.nn.functional.kl_div(said, told, reduction="batchmean", log_target=True)


def blended(kd: torch.Tensor, own: torch.Tensor, kd_weight: float) -> torch.Tensor:
    """Lambda * KD + (1 - lambda) * the task's own loss; all of them scalars, ().

    Args: kd_weight: lambda, between 0 and 1.
    """
    return kd_weight * kd + (1 - kd_weight) * own


def margin_mse(student: torch.Tensor, teacher: torch.Tensor) -> torch.Tensor:
    """Right and wrong passages must lie as far apart as a cross-encoder puts them.

    loss = mean of ((s_right - s_wrong) - (t_right - t_wrong))^2. Margins are learned and not
    scores, since dot products and a cross-encoder's logits have no scale in common.

    Args:   student, teacher: (n, 2) float: the score of the right passage, and of the wrong one.
    Source: Hofstaetter et al. 2020, arXiv:2010.02666.
    """
    said, told = (scores[:, 0].float() - scores[:, 1].float() for scores in (student, teacher))
    return torch.nn.functional.mse_loss(said, told)


def layers_loss(student: torch.Tensor, teacher: torch.Tensor) -> torch.Tensor:
    """Texts must have the same direction in layers that belong together.

    loss = mean over texts and layers of |s / |s| - t / |t||^2, of means over a text's tokens: so
    teacher and student may cut a text into tokens of their own.

    Args:   student, teacher: (n, layers, width) float.
    Source: after Sun et al. 2019, arXiv:1908.09355 (patient knowledge distillation, whose states
            are those of the first token).
    """
    said, told = (torch.nn.functional.normalize(s.float(), dim=-1) for s in (student, teacher))
    return (said - told).square().sum(dim=-1).mean()
