"""The released model classes of LIIF (CVPR 2021) in PyTorch, as the paper describes their behaviour, for tests.

Written anew from the paper and from the names, shapes and arguments that released checkpoints have; nothing is copied
from the release. `make(specification, load_state=True)` takes a checkpoint's `model` as the release's own `make` does:
the arguments are passed to the classes as they are, and the state must fit them exactly.
"""

import torch
from torch import nn
from torch.nn import functional


class MeanShift(nn.Conv2d):
    """Subtracts or adds DIV2K's mean colour; part of the state, never applied."""

    def __init__(self, sign):
        super().__init__(3, 3, kernel_size=1)
        self.weight.data = torch.eye(3).view(3, 3, 1, 1)
        self.bias.data = sign * torch.tensor([0.4488, 0.4371, 0.4040])
        for parameter in self.parameters():
            parameter.requires_grad = False


def convolution(inputs, outputs, kernel=3):
    return nn.Conv2d(inputs, outputs, kernel, padding=kernel // 2)


class ResidualBlock(nn.Module):
    def __init__(self, channels, scale):
        super().__init__()
        self.scale = scale
        self.body = nn.Sequential(convolution(channels, channels), nn.ReLU(), convolution(channels, channels))

    def forward(self, x):
        return x + self.scale * self.body(x)


def shuffles(scale, inputs, channels):
    """Convolutions with pixel shuffles: one of 3, or one of 2 for each factor."""
    factors = [scale] if scale == 3 else [2] * (scale.bit_length() - 1)
    layers = []
    for factor in factors:
        layers += [convolution(inputs, channels * factor**2), nn.PixelShuffle(factor)]
        inputs = channels
    return layers


class EDSR(nn.Module):
    def __init__(self, n_resblocks, n_feats, res_scale, scale=2, no_upsampling=False, rgb_range=1):
        super().__init__()
        self.sub_mean, self.add_mean = MeanShift(-rgb_range), MeanShift(rgb_range)
        self.head = nn.Sequential(convolution(3, n_feats))
        self.body = nn.Sequential(
            *(ResidualBlock(n_feats, res_scale) for _ in range(n_resblocks)), convolution(n_feats, n_feats))
        self.out_dim = n_feats if no_upsampling else 3
        if not no_upsampling:
            self.tail = nn.Sequential(nn.Sequential(*shuffles(scale, n_feats, n_feats)), convolution(n_feats, 3))

    def forward(self, x):
        x = self.head(x)
        x = x + self.body(x)
        return self.tail(x) if hasattr(self, "tail") else x


def edsr_baseline(n_resblocks=16, n_feats=64, res_scale=1, **others):
    return EDSR(n_resblocks, n_feats, res_scale, **others)


def edsr(n_resblocks=32, n_feats=256, res_scale=0.1, **others):
    return EDSR(n_resblocks, n_feats, res_scale, **others)


class DenseLayer(nn.Module):
    def __init__(self, inputs, growth):
        super().__init__()
        self.conv = nn.Sequential(convolution(inputs, growth), nn.ReLU())

    def forward(self, x):
        return torch.cat([x, self.conv(x)], 1)


class DenseBlock(nn.Module):
    def __init__(self, channels, growth, layers):
        super().__init__()
        self.convs = nn.Sequential(*(DenseLayer(channels + i * growth, growth) for i in range(layers)))
        self.LFF = convolution(channels + layers * growth, channels, 1)

    def forward(self, x):
        return x + self.LFF(self.convs(x))


class RDN(nn.Module):
    def __init__(self, G0=64, RDNkSize=3, RDNconfig="B", scale=2, no_upsampling=False):
        super().__init__()
        assert RDNkSize == 3
        blocks, layers, growth = {"A": (20, 6, 32), "B": (16, 8, 64)}[RDNconfig]
        self.SFENet1, self.SFENet2 = convolution(3, G0), convolution(G0, G0)
        self.RDBs = nn.ModuleList(DenseBlock(G0, growth, layers) for _ in range(blocks))
        self.GFF = nn.Sequential(convolution(blocks * G0, G0, 1), convolution(G0, G0))
        self.out_dim = G0 if no_upsampling else 3
        if not no_upsampling:
            self.UPNet = nn.Sequential(*shuffles(scale, G0, growth), convolution(growth, 3))

    def forward(self, x):
        shallow = self.SFENet1(x)
        x, outputs = self.SFENet2(shallow), []
        for block in self.RDBs:
            x = block(x)
            outputs.append(x)
        x = shallow + self.GFF(torch.cat(outputs, 1))
        return self.UPNet(x) if hasattr(self, "UPNet") else x


class MLP(nn.Module):
    def __init__(self, in_dim, out_dim, hidden_list):
        super().__init__()
        layers = []
        for width in hidden_list:
            layers += [nn.Linear(in_dim, width), nn.ReLU()]
            in_dim = width
        self.layers = nn.Sequential(*layers, nn.Linear(in_dim, out_dim))

    def forward(self, x):
        return self.layers(x)


def pixel_centres(count):
    r = 1 / count
    return -1 + r + 2 * r * torch.arange(count).float()


def grid(height, width):
    """Coordinates (y, x) of all pixels, [height, width, 2]."""
    return torch.stack(torch.meshgrid(pixel_centres(height), pixel_centres(width), indexing="ij"), -1)


def nearest(maps, at):
    """What maps [N, C, H, W] hold nearest to coordinates [N, Q, 2]: [N, Q, C]."""
    found = functional.grid_sample(maps, at.flip(-1).unsqueeze(1), mode="nearest", align_corners=False)
    return found[:, :, 0, :].permute(0, 2, 1)


def unfolded(features):
    images, _, height, width = features.shape
    return functional.unfold(features, 3, padding=1).view(images, -1, height, width)


class LIIF(nn.Module):
    def __init__(self, encoder_spec, imnet_spec=None, local_ensemble=True, feat_unfold=True, cell_decode=True):
        super().__init__()
        self.local_ensemble, self.feat_unfold, self.cell_decode = local_ensemble, feat_unfold, cell_decode
        self.encoder = make(encoder_spec)
        if imnet_spec is None:
            self.imnet = None
            return
        inputs = self.encoder.out_dim * (9 if feat_unfold else 1) + 2 + (2 if cell_decode else 0)
        self.imnet = make(imnet_spec, in_dim=inputs)

    def forward(self, image, coordinates, cells):
        """Image [N, 3, H, W], coordinates and cells [N, Q, 2] → colours [N, Q, 3], normalised."""
        features = self.encoder(image)
        if self.imnet is None:
            return nearest(features, coordinates)
        images, _, height, width = features.shape
        if self.feat_unfold:
            features = unfolded(features)
        centres = grid(height, width).permute(2, 0, 1).expand(images, 2, height, width)
        extents = torch.tensor([height, width], dtype=torch.float32)

        shifts = [(-1, -1), (-1, 1), (1, -1), (1, 1)] if self.local_ensemble else [(0, 0)]
        predictions, areas = [], []
        for shift in shifts:
            at = coordinates.clone()
            if self.local_ensemble:
                for axis, count in enumerate((height, width)):
                    at[:, :, axis] += shift[axis] / count + 1e-6
            at.clamp_(-1 + 1e-6, 1 - 1e-6)
            relative = (coordinates - nearest(centres, at)) * extents
            inputs = [nearest(features, at), relative]
            if self.cell_decode:
                inputs.append(cells * extents)
            predictions.append(self.imnet(torch.cat(inputs, -1)))
            areas.append((relative[..., 0] * relative[..., 1]).abs() + 1e-9)
        if not self.local_ensemble:
            return predictions[0]
        total = sum(areas)
        return sum(p * (a / total).unsqueeze(-1) for p, a in zip(predictions, reversed(areas)))


class MetaSR(nn.Module):
    def __init__(self, encoder_spec):
        super().__init__()
        self.encoder = make(encoder_spec)
        self.imnet = MLP(3, self.encoder.out_dim * 9 * 3, [256])

    def forward(self, image, coordinates, cells):
        """As LIIF's. A pixel asks the latent whose cell holds its top left corner."""
        features = unfolded(self.encoder(image))
        images, _, height, width = features.shape
        extents = torch.tensor([height, width], dtype=torch.float32)
        corners = (grid(height, width) - 1 / extents).permute(2, 0, 1).expand(images, 2, height, width)
        asked = coordinates - cells / 2
        at = (asked + 1e-6).clamp(-1 + 1e-6, 1 - 1e-6)
        relative = (asked - nearest(corners, at)) * extents / 2
        inputs = torch.cat([relative, cells[..., :1] * height / 2], -1)
        matrices = self.imnet(inputs).view(*inputs.shape[:2], -1, 3)
        return torch.einsum("nqk,nqko->nqo", nearest(features, at), matrices)


CLASSES = {"liif": LIIF, "metasr": MetaSR, "edsr-baseline": edsr_baseline, "edsr": edsr, "rdn": RDN, "mlp": MLP}


def make(specification, load_state=False, **more):
    model = CLASSES[specification["name"]](**specification["args"], **more)
    if load_state:
        model.load_state_dict(specification["sd"])
    return model
