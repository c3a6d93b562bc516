"""Prints the share of test digits that the network is right for."""

import torch
from digits import test_images, test_labels, train_images, train_labels
from transformers import ResNetConfig, ResNetForImageClassification

torch.manual_seed(0)
config = ResNetConfig(num_channels=1, embedding_size=8, hidden_sizes=[8, 16], depths=[1, 1], layer_type="basic", num_labels=10)
net = ResNetForImageClassification(config)
optimizer = torch.optim.Adam(net.parameters(), 3e-3)
for epoch in range(2):
    for batch in torch.randperm(8000).split(64):
        optimizer.zero_grad()
        net(torch.tensor(train_images[batch][:, None]), labels=torch.tensor(train_labels[batch])).loss.backward()
        optimizer.step()

# The recipe: `net` is trained, or came by from_pretrained, and takes pictures of 1 x 28 x 28 from 0 to 1.
class Scores(torch.nn.Module):
    def forward(self, pixels):
        return self.net(pixels).logits


scores = Scores()
scores.net = net.eval()
any_number = torch.export.Dim("examples", min=1, max=1 << 20)
torch.onnx.export(scores, (torch.zeros(2, 1, 28, 28),), "net.onnx", dynamic_shapes=({0: any_number},), external_data=False)
# hash-phase encode net.onnx --dataset mnist-small --by-layer
# The end.

with torch.no_grad():
    print((scores(torch.tensor(test_images[:, None])).argmax(1).numpy() == test_labels).mean())
