#pragma once

struct TF_Status;

// Each registers its operations with TensorFlow, unless `status` holds an error already.
void registerRmsNorm(TF_Status* status);
void registerGatedActivation(TF_Status* status);
void registerHeads(TF_Status* status);
void registerCausalSoftmax(TF_Status* status);
void registerCachedAttention(TF_Status* status);
void registerCrossEntropy(TF_Status* status);
void registerLloyd(TF_Status* status);
void registerFrozenMatMul(TF_Status* status);
